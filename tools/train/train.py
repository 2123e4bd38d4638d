"""Trains the small model, from one command to the files that are shipped. docs/small-model.md has the whole story.

    npx tsx tools/world/write.ts .cache/world 512000
    /usr/bin/python3 tools/train/train.py .cache/world .cache/small-model [settings, as lr=0.002 steps=3000]

It can be stopped at any time; the same command goes on from where it last rested. Needs Debian's python3-torch, and
libopenblas0-pthread, which makes it ten times faster.
"""
import json
import math
import os
import shutil
import sys
import time

# OpenBLAS has threads of its own, which torch.set_num_threads does not reach: with two, sums are added in another order.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import torch

from ask import accuracy_by_kind, loss_on
from checkpoint import config_json, rounded_model, write_checkpoint
from data import World, with_strangers
from joined import Vocabulary, joined_model, loss_over_all
from model import seeded
from settings import settings_with


SHARES = dict(seen_share="seen-share.bin", held_out="held-out.bin")


def learning_rate(step, s):
    """A short rise, then a cosine down to a hundredth."""
    if step < s["warmup"]:
        return s["lr"] * (step + 1) / s["warmup"]
    share = (step - s["warmup"]) / (s["steps"] - s["warmup"])
    return s["lr"] * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * share)))


def adam_w(model, s):
    """Matrices decay; embeddings, biases, scales and shifts do not."""
    matrices = [p for name, p in model.named_parameters() if p.dim() == 2 and "emb" not in name]
    others = [p for name, p in model.named_parameters() if p.dim() < 2 or "emb" in name]
    groups = [dict(params=matrices, weight_decay=s["weight_decay"]), dict(params=others, weight_decay=0.0)]
    return torch.optim.AdamW(groups, lr=s["lr"], betas=s["betas"])


class Run:
    """A training run in a folder: what it has learned, and what it has recorded."""

    def __init__(self, world, folder, s):
        self.world, self.folder, self.s = world, folder, s
        os.makedirs(folder, exist_ok=True)
        full = seeded(s["model"], s["seed"])
        self.model = joined_model(full, s["model"], world.vocabulary)
        self.optimizer = adam_w(self.model, s)
        self.step = 0
        self.record = dict(settings=s, tokens_used=world.vocabulary.shared, curve=[], snapshots=[])
        shutil.copy(os.path.join(world.folder, "tokens.json"), folder)
        self.resting = os.path.join(folder, "resume.pt")
        if os.path.exists(self.resting):
            saved = torch.load(self.resting)
            if saved["record"]["settings"] != s:
                raise SystemExit(f"{folder} holds a run with other settings.")
            self.model.load_state_dict(saved["model"])
            self.optimizer.load_state_dict(saved["optimizer"])
            self.step, self.record = saved["step"], saved["record"]

    def begin(self):
        """Records the untrained twin, with all its rows: nothing of it is shipped, since the seed makes it."""
        entry = dict(step=0, loss=untrained_loss(self.world, self.s))
        self.record["snapshots"].append(entry)
        return entry

    def rest(self):
        """Saves what is needed to go on, so that a run that is stopped ends as one that was not."""
        saved = dict(model=self.model.state_dict(), optimizer=self.optimizer.state_dict(), step=self.step,
                     record=self.record)
        torch.save(saved, self.resting + ".part")
        os.replace(self.resting + ".part", self.resting)

    def one_step(self, windows):
        s, rows = self.s, self.world.rows(windows)
        generator = torch.Generator().manual_seed(s["seed"] * 1_000_003 + self.step)
        seen = with_strangers(rows[:, :-1], self.world.vocabulary.shared, generator)
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(self.step, s)
        loss = loss_over_all(self.model(seen), rows[:, 1:], self.world.vocabulary)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.step += 1
        return loss.item()

    def look(self):
        """A point of the loss curve."""
        point = dict(step=self.step, **self.losses(128))
        self.record["curve"].append(point)
        return point

    def losses(self, count):
        self.model.eval()
        both = {share: round(loss_on(self.model, self.world.windows(file)[:count], self.world), 4)
                for share, file in SHARES.items()}
        self.model.train()
        return both

    def snapshot(self):
        """Writes the model as it is now, and what its rounded weights know."""
        learned = {name: values.clone() for name, values in self.model.state_dict().items()}
        shipped = rounded_model(learned, self.s["mantissa_bits"])
        self.model.load_state_dict(shipped)
        name = f"small-{self.step}.safetensors.gz"
        size = write_checkpoint(os.path.join(self.folder, name), shipped, self.world.vocabulary)
        self.model.eval()
        entry = dict(step=self.step, file=name, bytes=size, loss=self.losses(1024),
                     accuracy=accuracy_by_kind(self.model, self.world))
        self.model.load_state_dict(learned)
        self.model.train()
        self.record["snapshots"].append(entry)
        return entry

    def write_record(self):
        for name, content in (("record.json", self.record), ("config.json", config_json(self.s["model"]))):
            with open(os.path.join(self.folder, name), "w") as file:
                json.dump(content, file, indent=1)


def untrained_loss(world, s):
    every_id = range(s["model"]["vocab_size"])
    all_rows = World(world.folder, lambda _: Vocabulary(every_id, len(every_id)))
    model = seeded(s["model"], s["seed"]).eval()
    return {share: round(plain_loss(model, all_rows, file), 4) for share, file in SHARES.items()}


@torch.no_grad()
def plain_loss(model, world, name):
    rows = world.rows(world.windows(name)[:64])
    logits = torch.cat([model(window[None, :-1]) for window in rows])
    return torch.nn.functional.cross_entropy(logits.flatten(0, 1), rows[:, 1:].flatten()).item()


def main(data, folder, *changes):
    s = settings_with(changes)
    torch.set_num_threads(s["threads"])
    torch.use_deterministic_algorithms(True)
    world = World(data, lambda used: Vocabulary(used, s["model"]["vocab_size"]))
    run = Run(world, folder, s)
    windows, batch = world.windows("training.bin"), s["batch_size"]
    if len(windows) < s["steps"] * batch:
        raise SystemExit(f"{s['steps']} steps read {s['steps'] * batch} windows; there are {len(windows)}.")
    if run.step == 0:
        print(json.dumps(run.begin()), flush=True)
    since, sum_of_losses = time.time(), 0.0
    while run.step < s["steps"]:
        sum_of_losses += run.one_step(windows[run.step * batch:(run.step + 1) * batch])
        if run.step % s["look_every"] == 0 or run.step == s["steps"]:
            seconds = (time.time() - since) / s["look_every"]
            print(run.look(), f"training {sum_of_losses / s['look_every']:.3f}, {seconds:.3f} s a step", flush=True)
            since, sum_of_losses = time.time(), 0.0
        if run.step in s["snapshots"] or run.step == s["steps"]:
            print(json.dumps(run.snapshot()), flush=True)
        if run.step % s["rest_every"] == 0 or run.step == s["steps"]:
            run.rest()
            run.write_record()
    run.write_record()


if __name__ == "__main__":
    main(*sys.argv[1:])
