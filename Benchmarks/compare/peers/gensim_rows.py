"""Word vectors in gensim; tuned, it reads the text from a file, without Python's lock."""

import os
import re
import tempfile

from gensim.models import Word2Vec

GENESIS = os.path.join(os.path.dirname(__file__), "../../../Modules/Datasets/Resources/genesis.txt")


def rows(threads, tuned):
    return {"train/skip-gram-D100-w5-n5": lambda: _skip_gram(threads, tuned)}


def _lines():
    """Words in lower case without punctuation, as ours cuts them."""
    word = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
    with open(os.environ.get("APUS_CORPUS") or GENESIS, encoding="utf-8-sig") as file:
        return [word.findall(line.lower()) for line in file]


def _skip_gram(threads, tuned):
    lines = _lines()
    model = Word2Vec(
        vector_size=100, window=5, negative=5, sg=1, sample=1e-3, min_count=5, workers=threads, seed=7)
    model.build_vocab(lines)
    if not tuned:
        return lambda: model.train(lines, total_examples=len(lines), epochs=1)
    folder = tempfile.TemporaryDirectory()
    path = os.path.join(folder.name, "text")
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(" ".join(line) + "\n" for line in lines)
    words = sum(map(len, lines))

    def call():
        assert folder.name  # which lives as long as this
        model.train(
            corpus_file=path, total_examples=len(lines), total_words=words, epochs=1)

    return call
