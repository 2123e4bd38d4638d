"""Everything that decides what the small model becomes."""
import json

SETTINGS = dict(
    model=dict(vocab_size=50257, context_length=64, emb_dim=96, n_heads=4, n_layers=4, drop_rate=0.0, qkv_bias=False),
    seed=123,
    threads=1,  # a second one helps matrices as small as these little, and waits whenever another program computes
    batch_size=32,
    steps=12000,
    lr=3e-3,
    warmup=200,
    betas=[0.9, 0.95],
    weight_decay=0.1,
    mantissa_bits=5,
    look_every=120,
    rest_every=250,
    snapshots=[50, 200, 500, 1000, 1800, 3000, 4500, 6500, 9000, 12000],
)


def settings_with(changes):
    """SETTINGS with some of them changed, as "lr=0.001" or "emb_dim=96"."""
    settings = json.loads(json.dumps(SETTINGS))
    for change in changes:
        key, value = change.split("=")
        home = settings["model"] if key in settings["model"] else settings
        if key not in home:
            raise SystemExit(f"There is no setting {key}.")
        home[key] = json.loads(value)
    return settings
