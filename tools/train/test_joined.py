"""That joining rows changes no number, and that what is written is what was learned. Run by train.test.ts."""
import gzip
import json
import os
import struct
import tempfile
import unittest
from pathlib import Path

import torch
import torch.nn.functional as F

from ask import right_answers
from checkpoint import hugging_face, read_checkpoint, rounded, rounded_model, safetensors, write_checkpoint
from joined import Vocabulary, joined_model, loss_over_all
from model import seeded

CONFIG = dict(vocab_size=1000, context_length=16, emb_dim=24, n_heads=4, n_layers=2, drop_rate=0.0, qkv_bias=False)
USED = [3, 17, 40, 41, 500, 998]


def pair():
    """A model whose unused rows are their mean, over the whole vocabulary and over the joined one."""
    vocabulary = Vocabulary(USED, CONFIG["vocab_size"])
    full = seeded(CONFIG, 123)
    joined = joined_model(full, CONFIG, vocabulary)
    state = joined.state_dict()
    with torch.no_grad():
        for name in ("tok_emb", "out_head"):
            getattr(full, name).weight.copy_(vocabulary.spread(state[f"{name}.weight"]))
    return full, joined, vocabulary


class Joined(unittest.TestCase):
    def test_loss_is_the_one_over_the_whole_vocabulary(self):
        full, joined, vocabulary = pair()
        ids = torch.tensor([[3, 500, 41, 7, 998, 17], [998, 998, 3, 40, 600, 41]])  # 7 and 600 are not in use
        targets = torch.tensor([[500, 41, 3, 998, 17, 40], [998, 3, 40, 3, 41, 17]])
        expected = F.cross_entropy(full(ids).flatten(0, 1), targets.flatten())
        found = loss_over_all(joined(vocabulary.row_of[ids]), vocabulary.row_of[targets], vocabulary)
        self.assertLess(abs(found.item() - expected.item()), 1e-5)

    def test_gradients_are_the_same(self):
        full, joined, vocabulary = pair()
        ids, targets = torch.tensor([[3, 500, 41, 998]]), torch.tensor([[500, 41, 998, 17]])
        F.cross_entropy(full(ids).flatten(0, 1), targets.flatten()).backward()
        loss_over_all(joined(vocabulary.row_of[ids]), vocabulary.row_of[targets], vocabulary).backward()
        head, row = full.out_head.weight.grad, joined.out_head.weight.grad
        self.assertTrue(torch.allclose(head[USED], row[:-1], atol=1e-6))
        self.assertTrue(torch.allclose(head.sum(0) - head[USED].sum(0), row[-1], atol=1e-5))
        self.assertTrue(torch.allclose(full.pos_emb.weight.grad, joined.pos_emb.weight.grad, atol=1e-6))

    def test_rows_in_use_are_the_seeds(self):
        joined = joined_model(seeded(CONFIG, 123), CONFIG, Vocabulary(USED, 1000))
        whole = seeded(CONFIG, 123).tok_emb.weight
        self.assertTrue(torch.equal(joined.tok_emb.weight[:-1], whole[USED]))

    def test_answers_are_asked_in_groups_of_one_length(self):
        _, joined, vocabulary = pair()
        tasks = [dict(ids=ids, answerId=3) for ids in ([17, 40], [3], [998, 3], [500, 41, 3])]
        right, losses = right_answers(joined, tasks, vocabulary)
        for i, task in enumerate(tasks):
            row = joined(vocabulary.row_of[torch.tensor([task["ids"]])])[0, -1]
            self.assertEqual(right[i], row.argmax().item() == 0)
            alone = loss_over_all(row[None], torch.tensor([0]), vocabulary).item()
            self.assertAlmostEqual(losses[i], alone, places=4)


class Rounded(unittest.TestCase):
    def test_keeps_few_bits_to_the_nearest(self):
        values = torch.tensor([1.0, 1.0 + 1 / 64, 1.0 + 3 / 128, -1.0 - 1 / 200, 0.0, 3e-6, 1.999])
        expected = [1.0, 1.0 + 1 / 64, 1.0 + 2 / 64, -1.0, 0.0, 0.0, 2.0]
        found = rounded(values, 6).tolist()
        found[5] = 0.0 if abs(found[5]) < 5e-6 else found[5]
        self.assertEqual(found, expected)

    def test_errs_by_half_a_unit_at_most(self):
        values = torch.randn(10_000, generator=torch.Generator().manual_seed(1))
        for bits in (4, 5, 6):
            error = (rounded(values, bits).float() - values).abs() / values.abs().clamp(min=1e-3)
            self.assertLess(error.max().item(), 1.01 * 2.0 ** -(bits + 1) + 2.0 ** -11)

    def test_rounding_twice_is_rounding_once(self):
        once = rounded(torch.randn(1000, generator=torch.Generator().manual_seed(2)), 5)
        self.assertTrue(torch.equal(rounded(once.float(), 5), once))


class Written(unittest.TestCase):
    def test_file_holds_the_models_tensors(self):
        full, joined, vocabulary = pair()
        raw = safetensors(hugging_face(joined.state_dict(), vocabulary))
        (length,) = struct.unpack("<Q", raw[:8])
        header = json.loads(raw[8:8 + length])
        self.assertEqual(header["wte.weight"]["shape"], [1000, 24])
        self.assertEqual(header["h.1.attn.c_attn.weight"]["shape"], [24, 72])
        self.assertEqual(header["h.0.mlp.c_fc.weight"]["shape"], [24, 96])
        self.assertNotIn("h.0.attn.c_attn.bias", header)

        def read(name):
            begin, end = header[name]["data_offsets"]
            data = bytearray(raw[8 + length + begin:8 + length + end])
            return torch.frombuffer(data, dtype=torch.float16).view(header[name]["shape"])

        block = full.trf_blocks[1]
        self.assertTrue(torch.equal(read("lm_head.weight"), full.out_head.weight.half()))
        self.assertTrue(torch.equal(read("h.1.attn.c_attn.weight")[:, 24:48], block.att.W_key.weight.half().T))
        self.assertTrue(torch.equal(read("h.1.mlp.c_proj.weight"), block.ff.layers[2].weight.half().T))

    def test_what_is_read_back_is_what_was_written(self):
        _, joined, vocabulary = pair()
        shipped = rounded_model(joined.state_dict(), 5)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "a.safetensors.gz")
            write_checkpoint(path, shipped, vocabulary)
            found = read_checkpoint(path, CONFIG, vocabulary).state_dict()
        self.assertEqual(list(found), list(shipped))
        for name, values in shipped.items():
            self.assertTrue(torch.allclose(found[name], values, atol=1e-7), name)

    def test_same_model_gives_same_bytes(self):
        _, joined, vocabulary = pair()
        with tempfile.TemporaryDirectory() as folder:
            paths = [os.path.join(folder, name) for name in ("a.gz", "b.gz")]
            for path in paths:
                write_checkpoint(path, joined.state_dict(), vocabulary)
            first, second = (Path(path).read_bytes() for path in paths)
        self.assertEqual(first, second)
        self.assertEqual(gzip.decompress(first), safetensors(hugging_face(joined.state_dict(), vocabulary)))


if __name__ == "__main__":
    unittest.main()
