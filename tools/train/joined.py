"""A vocabulary in which all tokens that never occur are one row.

50,257 rows are GPT-2's, of which the small world uses some 500. The others start as their mean and learn together, so that
training needs one row for them; the loss is nevertheless the cross entropy over all 50,257, because the one row counts as
often as it stands for a token.
"""
import math

import torch
import torch.nn.functional as F

from model import GPTModel


class Vocabulary:
    """Token ids, and their rows: those in use in ascending order, then the one that is shared."""

    def __init__(self, used, vocab_size):
        self.used = torch.tensor(used)
        self.vocab_size = vocab_size
        self.shared = len(used)
        self.n_unused = vocab_size - len(used)
        self.row_of = torch.full((vocab_size,), self.shared)
        self.row_of[self.used] = torch.arange(len(used))

    def join(self, matrix):
        """[vocab_size, emb_dim] to [rows, emb_dim]: the shared row is the mean of those that it stands for."""
        unused = torch.ones(self.vocab_size, dtype=torch.bool)
        unused[self.used] = False
        return torch.cat((matrix[self.used], matrix[unused].mean(0, keepdim=True)))

    def spread(self, rows):
        """The way back: every token that is not in use gets the shared row."""
        return rows[self.row_of]


def joined_model(model, cfg, vocabulary):
    """The same model over the joined vocabulary."""
    joined = GPTModel(dict(cfg, vocab_size=vocabulary.shared + 1))
    state = dict(model.state_dict())
    for name in ("tok_emb.weight", "out_head.weight"):
        state[name] = vocabulary.join(state[name])
    joined.load_state_dict(state)
    return joined


def loss_over_all(logits, rows, vocabulary):
    """Cross entropy over the whole vocabulary, for targets that are in use: exp(logit) of the shared row counts n_unused times,
    which is adding log(n_unused) to that logit."""
    logits = torch.cat((logits[..., :-1], logits[..., -1:] + math.log(vocabulary.n_unused)), dim=-1)
    return F.cross_entropy(logits.flatten(0, -2), rows.flatten())
