"""A job as it was before azcp: it opens paths below data/ and knows no cloud."""
with open("data/abc.txt", encoding="utf-8") as f:
    words = f.read().split()
with open("data/result.txt", "w", encoding="utf-8") as f:
    f.write(f"{len(words)} words\n")
print(len(words), "words")
