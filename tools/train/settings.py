"""Everything that decides what the small model becomes."""
import json

SETTINGS = dict(
    model=dict(vocab_size=50257, context_length=64, emb_dim=128, n_heads=4, n_layers=4, drop_rate=0.0, qkv_bias=False),
    seed=123,
    threads=2,
    batch_size=32,
    steps=18000,
    lr=2e-3,
    warmup=200,
    betas=[0.9, 0.95],
    weight_decay=0.1,
    mantissa_bits=6,
    look_every=180,
    rest_every=500,
    snapshots=[50, 200, 500, 1000, 2000, 3000, 4500, 6500, 9000, 12000, 18000],
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
