# %% batch
texts = ["Every effort moves you", "Every day holds a"]
batch = torch.tensor([tokenizer.encode(text) for text in texts])
print(batch)

# %% shape
torch.manual_seed(123)
model = GPTModel(GPT_CONFIG_124M)
out = model(batch)
print(out.shape)

# %% logits
print(out)

# %% prompt
encoded = tokenizer.encode("Hello, I am")
print(encoded)

# %% generated
model.eval()
idx = torch.tensor([encoded])
ids = generate_text_simple(model, idx, max_new_tokens=10,
                           context_size=1024)
print(ids)

# %% text
print(tokenizer.decode(ids[0].tolist()))

# %% causal
# The book's model: the same weights, and a mask that holds
book.eval()
print(generate_text_simple(book, idx, max_new_tokens=10,
                           context_size=1024))
