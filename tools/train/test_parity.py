"""That the numbers written for the engine are the whole model's. Run by train.test.ts."""
import base64
import unittest

import numpy
import torch

from model import seeded
from parity import answers, best_of, generated, in_base64, untrained, without_heads
from test_joined import CONFIG, USED, pair

PROMPTS = [dict(ids=[3, 500, 41], positions="all"), dict(ids=[17, 600, 998, 40], positions="last")]


def floats(text):
    return torch.from_numpy(numpy.frombuffer(base64.b64decode(text), dtype="<f4").copy())


class Written(unittest.TestCase):
    def setUp(self):
        torch.set_grad_enabled(False)
        self.addCleanup(torch.set_grad_enabled, True)
        self.full, self.joined, self.vocabulary = pair()

    def test_few_logits_say_those_of_the_whole_vocabulary(self):
        found = answers(self.joined, PROMPTS, self.vocabulary, CONFIG["context_length"])
        for answer, prompt, count in zip(found, PROMPTS, (3, 1)):
            rows = floats(answer["logits"]).view(count, len(USED) + 1)
            expected = self.full(torch.tensor([prompt["ids"]]))[0, -count:]
            self.assertTrue(torch.allclose(rows[:, self.vocabulary.row_of], expected, atol=1e-5))

    def test_ids_are_those_of_the_whole_model_beyond_the_context_too(self):
        ids = [3, 500, 41, 40, 998, 17, 600, 3, 3, 40, 41, 998, 500, 17]
        found = generated(self.joined, ids, self.vocabulary, CONFIG["context_length"])
        expected = list(ids)
        for margin in found["margins"]:
            logits = self.full(torch.tensor([expected[-CONFIG["context_length"]:]]))[0, -1]
            (first, second), (best, _) = (values.tolist() for values in logits.topk(2))
            self.assertAlmostEqual(margin, first - second, places=4)
            expected.append(best if margin > 0 else found["ids"][len(expected) - len(ids)])
        self.assertEqual(expected[len(ids):], found["ids"])

    def test_the_row_that_many_share_is_no_clear_choice(self):
        logits = torch.zeros(len(USED) + 1)
        logits[-1] = 2
        self.assertEqual(best_of(logits, self.vocabulary), (0, 0.0))
        logits[2] = 5
        self.assertEqual(best_of(logits, self.vocabulary), (USED[2], 3.0))

    def test_a_head_that_was_taken_away_is_put_back(self):
        before = self.joined(torch.tensor([[0, 1]]))
        found = without_heads(self.joined, PROMPTS[1], self.vocabulary)
        self.assertEqual([entry["ablate"] for entry in found], [[[0, 0]], [[1, 1]], [[0, 0], [1, 1]]])
        self.assertEqual(len({entry["logits"] for entry in found}), 3)
        self.assertTrue(torch.equal(self.joined(torch.tensor([[0, 1]])), before))

    def test_the_untrained_model_is_the_seeds(self):
        (found, _) = untrained(CONFIG, 123, PROMPTS)
        logits = seeded(CONFIG, 123)(torch.tensor([PROMPTS[0]["ids"]]))[0, -1]
        self.assertTrue(torch.equal(floats(found["sampled"]), logits[::101]))
        self.assertEqual(found["best"], logits.argmax().item())

    def test_numbers_keep_every_bit(self):
        values = torch.tensor([[1 / 3, -2e-30], [3e30, 0.1]])
        self.assertTrue(torch.equal(floats(in_base64(values)), values.flatten()))


if __name__ == "__main__":
    unittest.main()
