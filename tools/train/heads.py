"""Finds which heads carry which kind of task: takes one away at a time, and asks again.

    /usr/bin/python3 tools/train/heads.py .cache/world .cache/small-model/small-12000.safetensors.gz > heads.json

A head is taken away by setting its share of context_vec to zero, as `ablate` of `generate` does on the page. What becomes
worse without it, it carried. The file says for each kind of the held-out share how many answers are right, and the mean loss
of the answer, of the whole model and without each head; and, under "carriers", the heads that a kind needs most.
"""
import json
import os
import sys

import torch

from ask import right_answers
from checkpoint import read_checkpoint
from data import World
from joined import Vocabulary

CARRIERS = 3  # heads that are named for a kind
WORTH_NAMING = 0.05  # a head whose loss costs fewer right answers, and no more nats than this, carries nothing


def asked(model, world):
    """For each kind: the share of right answers, and the mean loss of the answer."""
    result = {}
    for kind, tasks in world.tasks.items():
        right, losses = right_answers(model, tasks, world.vocabulary)
        result[kind] = dict(accuracy=round(sum(right) / len(right), 4), loss=round(sum(losses) / len(losses), 4))
    return result


def without_each_head(model, world):
    """The same without each head in turn."""
    heads = []
    for layer, block in enumerate(model.trf_blocks):
        for head in range(block.att.num_heads):
            block.att.without = head
            heads.append(dict(layer=layer, head=head, kinds=asked(model, world)))
            block.att.without = None
    return heads


def carriers(whole, heads):
    """For each kind the heads that it needs most, worst loss first."""
    result = {}
    for kind, now in whole.items():
        worse = [dict(layer=h["layer"], head=h["head"], accuracy=h["kinds"][kind]["accuracy"],
                      loss=h["kinds"][kind]["loss"]) for h in heads]
        worse = [w for w in worse
                 if now["accuracy"] - w["accuracy"] > WORTH_NAMING or w["loss"] - now["loss"] > WORTH_NAMING]
        result[kind] = sorted(worse, key=lambda w: (w["accuracy"], -w["loss"]))[:CARRIERS]
    return result


def main(data, checkpoint):
    torch.set_num_threads(1)
    with open(os.path.join(os.path.dirname(checkpoint), "record.json")) as file:
        cfg = json.load(file)["settings"]["model"]
    world = World(data, lambda used: Vocabulary(used, cfg["vocab_size"]))
    model = read_checkpoint(checkpoint, cfg, world.vocabulary).eval()
    whole = asked(model, world)
    heads = without_each_head(model, world)
    result = dict(file=os.path.basename(checkpoint), whole=whole, carriers=carriers(whole, heads), heads=heads)
    json.dump(result, sys.stdout, indent=1)


if __name__ == "__main__":
    main(*sys.argv[1:])
