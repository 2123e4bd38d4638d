"""What PyTorch answers with each file that is shipped: the numbers that the engine is held to.

    /usr/bin/python3 tools/train/parity.py small-model .cache/world > small-model/parity.json     (half a minute)

For four prompts: the logits at the last position, of the shortest prompt at every one, and eight greedy ids, each with its
margin: how far the best logit is above the second. A row of logits is written as float32 in base64, one for each token of
tokens.json, and one that all others share. So the few hundred numbers say all 50,257 logits. For the untrained model,
whose rows all differ, some logits stand for all. For the last file also logits without some heads, and what it answers to
held-out tasks.
"""
import base64
import hashlib
import json
import os
import sys

import torch

from checkpoint import read_checkpoint
from data import World
from joined import Vocabulary
from model import seeded

STRANGER = 27018  # " Feature", the first token of the notebook's untrained model: the small world never says it
NEW_TOKENS = 8
SAMPLED_EVERY = 101  # of the untrained model's logits, this one is kept
TASKS = 40  # the first of each kind; they come in no order


def sha256_of(path):
    """Which file it was, so that nobody compares with answers of another."""
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def in_base64(logits):
    """Rows of logits, one behind the other."""
    return base64.b64encode(logits.contiguous().numpy().astype("<f4").tobytes()).decode()


def best_of(logits, vocabulary):
    """The likeliest token of a row, and how far it is above the second. Where that is the row that many share, they are equally
    likely: the lowest of their ids, by a margin of nothing."""
    (first, second), (row, _) = (found.tolist() for found in logits.topk(2))
    if row < vocabulary.shared:
        return vocabulary.used[row].item(), round(first - second, 6)
    return (vocabulary.row_of == vocabulary.shared).nonzero()[0].item(), 0.0


def generated(model, ids, vocabulary, context_length):
    """The ids that the notebook's loop appends, and their margins."""
    ids, steps = list(ids), []
    for _ in range(NEW_TOKENS):
        rows = vocabulary.row_of[torch.tensor([ids[-context_length:]])]
        steps.append(best_of(model(rows)[0, -1], vocabulary))
        ids.append(steps[-1][0])
    return dict(ids=[best for best, _ in steps], margins=[margin for _, margin in steps])


def prompts_of(world, context_length):
    """A gift, a sum, a list with a word that the world does not have, and as many tokens as the context holds."""
    words = list(world.tasks["lists"][0]["ids"])
    words[len(words) // 2] = STRANGER
    assert STRANGER not in world.vocabulary.used
    text = world.windows("held-out.bin")[0][:context_length]
    return [dict(name="gift", ids=world.tasks["gifts"][0]["ids"], positions="last"),
            dict(name="sum", ids=world.tasks["sums"][0]["ids"], positions="all"),
            dict(name="stranger", ids=words, positions="last"),
            dict(name="full", ids=text.tolist(), positions="last")]


def logits_at(model, prompt, vocabulary):
    logits = model(vocabulary.row_of[torch.tensor([prompt["ids"]])])[0]
    return logits if prompt["positions"] == "all" else logits[-1:]


def answers(model, prompts, vocabulary, context_length):
    return [dict(logits=in_base64(logits_at(model, prompt, vocabulary)),
                 **generated(model, prompt["ids"], vocabulary, context_length)) for prompt in prompts]


def without_heads(model, prompt, vocabulary):
    """Logits without a head of each block in turn, and without all of these."""
    alone = [[layer, layer % block.att.num_heads] for layer, block in enumerate(model.trf_blocks)]
    result = []
    for ablate in [[head] for head in alone] + [alone]:
        for layer, head in ablate:
            model.trf_blocks[layer].att.without = head
        result.append(dict(ablate=ablate, logits=in_base64(logits_at(model, prompt, vocabulary))))
        for layer, _ in ablate:
            model.trf_blocks[layer].att.without = None
    return result


def untrained(cfg, seed, prompts):
    """What `model="seed:123#..."` has to answer: a row of its own for each token."""
    model = seeded(cfg, seed).eval()
    result = []
    for prompt in prompts:
        logits = model(torch.tensor([prompt["ids"]]))[0, -1]
        (first, second), (best, _) = (found.tolist() for found in logits.topk(2))
        result.append(dict(sampled=in_base64(logits[::SAMPLED_EVERY]), best=best, max=first, margin=first - second,
                           logsumexp=logits.logsumexp(0).item()))
    return result


def task_answers(model, world):
    """For each kind its first tasks, and what the model answers."""
    result = {}
    for kind, tasks in world.tasks.items():
        result[kind] = []
        for task in tasks[:TASKS]:
            logits = model(world.vocabulary.row_of[torch.tensor([task["ids"]])])[0, -1]
            found, margin = best_of(logits, world.vocabulary)
            result[kind].append(dict(ids=task["ids"], answer=task["answerId"], found=found, margin=margin))
    return result


@torch.no_grad()
def main(folder, data):
    torch.set_num_threads(1)
    with open(os.path.join(folder, "record.json")) as file:
        record = json.load(file)
    cfg = record["settings"]["model"]
    world = World(data, lambda used: Vocabulary(used, cfg["vocab_size"]))
    prompts = prompts_of(world, cfg["context_length"])
    files = {}
    for entry in record["snapshots"]:
        if "file" in entry:
            path = os.path.join(folder, entry["file"])
            model = read_checkpoint(path, cfg, world.vocabulary).eval()
            files[entry["file"]] = dict(sha256=sha256_of(path),
                                        answers=answers(model, prompts, world.vocabulary, cfg["context_length"]))
    last = entry["file"]
    result = dict(prompts=prompts, files=files,
                  untrained=dict(every=SAMPLED_EVERY, prompts=untrained(cfg, record["settings"]["seed"], prompts)),
                  without_heads=dict(file=last, answers=without_heads(model, prompts[0], world.vocabulary)),
                  tasks=dict(file=last, kinds=task_answers(model, world)))
    json.dump(result, sys.stdout, separators=(",", ":"))


if __name__ == "__main__":
    main(*sys.argv[1:])
