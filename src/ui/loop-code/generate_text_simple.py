# %% loop
def generate_text_simple(model, idx, max_new_tokens, context_size):
    for _ in range(max_new_tokens):
        # Crop the context to what the model can look at
        idx_cond = idx[:, -context_size:]
        with torch.no_grad():
            logits = model(idx_cond)
        # The last position alone: [B, T, vocab_size] to [B, vocab_size]
        logits = logits[:, -1, :]
        # Probabilities, [B, vocab_size]
        probabs = torch.softmax(logits, dim=-1)
        # The id of the highest, [B, 1]
        idx_next = torch.argmax(probabs, dim=-1, keepdim=True)
        # Append it to the row, [B, T + 1]
        idx = torch.cat((idx, idx_next), dim=1)
    return idx

# %% drawn
def generate(model, idx, max_new_tokens, context_size,
             temperature, top_k):
    for _ in range(max_new_tokens):
        idx_cond = idx[:, -context_size:]
        with torch.no_grad():
            logits = model(idx_cond)
        logits = logits[:, -1, :]
        # Leave out all below the k-th largest, [B, 1]
        min_val = torch.topk(logits, top_k).values[:, -1:]
        logits = logits.masked_fill(logits < min_val, -torch.inf)
        # Below 1 the likely get likelier, above 1 the odds even out
        probabs = torch.softmax(logits / temperature, dim=-1)
        # An id, drawn as often as its probability says, [B, 1]
        idx_next = torch.multinomial(probabs, num_samples=1)
        idx = torch.cat((idx, idx_next), dim=1)
    return idx

# %% call
ids = generate_text_simple(model, idx, max_new_tokens=10,
                           context_size=1024)
print(tokenizer.decode(ids[0].tolist()))
