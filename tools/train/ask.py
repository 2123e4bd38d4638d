"""Asks a model: its loss on windows, and how many of the tasks it gets right."""
import torch

from joined import loss_over_all


@torch.no_grad()
def loss_on(model, windows, world, at_a_time=128):
    """Mean loss in nats a token."""
    total = 0.0
    for begin in range(0, len(windows), at_a_time):
        rows = world.rows(windows[begin:begin + at_a_time])
        total += loss_over_all(model(rows[:, :-1]), rows[:, 1:], world.vocabulary).item() * len(rows)
    return total / len(windows)


@torch.no_grad()
def right_answers(model, tasks, vocabulary):
    """For each task whether the likeliest token is the answer, and the loss of the answer's row. Prompts of one length go
    through the model together."""
    right, losses = [False] * len(tasks), [0.0] * len(tasks)
    for length in sorted({len(task["ids"]) for task in tasks}):
        group = [i for i, task in enumerate(tasks) if len(task["ids"]) == length]
        rows = vocabulary.row_of[torch.tensor([tasks[i]["ids"] for i in group])]
        answers = vocabulary.row_of[torch.tensor([tasks[i]["answerId"] for i in group])]
        logits = model(rows)[:, -1]
        for i, answer, row in zip(group, answers, logits):
            right[i] = row.argmax().item() == answer.item()
            losses[i] = loss_over_all(row[None], answer[None], vocabulary).item()
    return right, losses


def accuracy_by_kind(model, world):
    """The share of right answers for each kind of text in the held-out share."""
    result = {}
    for kind, tasks in world.tasks.items():
        right, _ = right_answers(model, tasks, world.vocabulary)
        result[kind] = round(sum(right) / len(right), 4)
    return result
