"""What tools/world/write.ts wrote: windows of token ids, prompts with the token that follows, and the tokens in use."""
import json
import os

import numpy
import torch

WINDOW = 65


class World:
    def __init__(self, folder, vocabulary_of):
        self.folder = folder
        with open(os.path.join(folder, "tokens.json")) as file:
            self.vocabulary = vocabulary_of(json.load(file))
        with open(os.path.join(folder, "tasks.json")) as file:
            self.tasks = json.load(file)

    def windows(self, name):
        """Windows of a file, on disk until they are asked for."""
        return numpy.memmap(os.path.join(self.folder, name), dtype="<u2", mode="r").reshape(-1, WINDOW)

    def rows(self, windows):
        """Rows of the joined vocabulary for windows of token ids."""
        return self.vocabulary.row_of[torch.from_numpy(windows.astype("int64"))]


def with_strangers(rows, shared, generator):
    """In some windows some tokens become one that is not in use, so that the model has met words it does not know, and the
    shared row learns. What follows them is still to be found."""
    some_windows = torch.rand(rows.shape[0], 1, generator=generator) < 0.15
    some_tokens = torch.rand(rows.shape, generator=generator) < 0.04
    return rows.masked_fill(some_windows & some_tokens, shared)
