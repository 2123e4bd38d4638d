"""That training comes out the same bit by bit, also when it was stopped in between. On words without sense: it takes seconds.

    cd tools/train && /usr/bin/python3 -m unittest
"""
import contextlib
import hashlib
import io
import json
import os
import tempfile
import unittest
from pathlib import Path

import numpy

from data import World
from joined import Vocabulary
from settings import settings_with
from train import Run, learning_rate, main

CHANGES = ["vocab_size=300", "emb_dim=16", "n_layers=2", "n_heads=2", "batch_size=4", "steps=12", "warmup=3",
           "snapshots=[4]", "look_every=6", "rest_every=5"]


def write_world(folder):
    """Windows of random tokens, and two tasks."""
    random = numpy.random.default_rng(1)
    used = [5, 9, 60, 61, 200, 299]
    for name, count in (("training.bin", 48), ("seen-share.bin", 64), ("held-out.bin", 64)):
        random.choice(used, size=(count, 65)).astype("<u2").tofile(os.path.join(folder, name))
    Path(folder, "tokens.json").write_text(json.dumps(used))
    tasks = dict(one=[dict(ids=[5, 9], answerId=60)], two=[dict(ids=[61], answerId=299)])
    Path(folder, "tasks.json").write_text(json.dumps(tasks))


def files_of(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in Path(folder).iterdir() if path.name != "resume.pt"}


class Training(unittest.TestCase):
    def setUp(self):
        home = tempfile.TemporaryDirectory()
        self.addCleanup(home.cleanup)
        self.home = home.name
        write_world(self.home)

    def train(self, name):
        folder = os.path.join(self.home, name)
        with contextlib.redirect_stdout(io.StringIO()):
            main(self.home, folder, *CHANGES)
        return folder

    def test_same_command_gives_same_files(self):
        first, second = files_of(self.train("first")), files_of(self.train("second"))
        self.assertEqual(set(first), {"small-4.safetensors.gz", "small-12.safetensors.gz", "record.json", "config.json"})
        self.assertEqual(first, second)

    def test_a_run_that_was_stopped_ends_as_one_that_was_not(self):
        settings = settings_with(CHANGES)
        world = World(self.home, lambda used: Vocabulary(used, 300))
        stopped = os.path.join(self.home, "stopped")
        run = Run(world, stopped, settings)
        run.begin()
        windows = world.windows("training.bin")
        for step in range(5):
            run.one_step(windows[4 * step:4 * step + 4])
            if run.step == 4:
                run.snapshot()
        run.rest()
        self.assertEqual(files_of(self.train("stopped")), files_of(self.train("whole")))

    def test_what_was_recorded_is_not_what_was_trained_but_what_is_shipped(self):
        record = json.loads(Path(self.train("run"), "record.json").read_text())
        self.assertEqual([entry["step"] for entry in record["snapshots"]], [0, 4, 12])
        self.assertEqual([point["step"] for point in record["curve"]], [6, 12])
        self.assertEqual(set(record["snapshots"][1]["accuracy"]), {"one", "two"})

    def test_another_run_is_not_gone_on_with(self):
        self.train("run")
        with self.assertRaises(SystemExit):
            main(self.home, os.path.join(self.home, "run"), *CHANGES, "lr=0.5")


class LearningRate(unittest.TestCase):
    def test_rises_and_falls(self):
        settings = settings_with(["steps=100", "warmup=10", "lr=1.0"])
        rates = [learning_rate(step, settings) for step in range(100)]
        self.assertEqual(rates.index(max(rates)), 9)
        self.assertEqual(rates[:10], sorted(rates[:10]))
        self.assertEqual(rates[10:], sorted(rates[10:], reverse=True))
        self.assertLess(rates[-1], 0.02)
        self.assertGreater(rates[-1], 0)


if __name__ == "__main__":
    unittest.main()
