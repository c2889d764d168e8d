"""The peers of bench_categorise: LinearSVC, on hashed features and on ours, and fastText on the same files, one thread, the same
JSON lines. Ours are those that bench_categorise left in MESCHAIN_MATRIX.

python3 -m venv scratch && scratch/bin/pip install scikit-learn fasttext-wheel && scratch/bin/python categorise.py --data DIR
"""

import argparse
import csv
import glob
import gzip
import json
import os
import resource
import tempfile
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer
from sklearn.metrics import f1_score
from sklearn.svm import LinearSVC


def read(path):
    with gzip.open(path, "rt", newline="") as file:
        rows = list(csv.DictReader(file))
    last = list(rows[0])[-1]
    texts = [" ".join(filter(None, [row["name"], row.get("brand", "")])) for row in rows]
    return texts, [row[last] for row in rows]


def turkish_lower(text):
    return text.replace("I", "ı").replace("İ", "i").lower()


def peak_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def report(name, method, answers, truth, train_s, predict_us, size):
    """answers: per row the class names, best first."""
    truth = np.array(truth, dtype=object)
    first = np.array([answer[0] for answer in answers], dtype=object)
    metrics = {
        "top1": float(np.mean(first == truth)),
        "top3": float(np.mean([own in answer[:3] for own, answer in zip(truth, answers)])),
        "macro_f1": float(f1_score(truth, first, labels=sorted(set(truth)), average="macro", zero_division=0)),
    }
    line = {
        "set": name, "method": method, "metrics": metrics, "train_s": train_s, "predict_us": predict_us,
        "bytes": size, "peak_mb": peak_mb(),
    }
    print(json.dumps(line), flush=True)


def linear_svc(name, train, test):
    words = HashingVectorizer(n_features=2**16, ngram_range=(1, 2), alternate_sign=False, preprocessor=turkish_lower)
    letters = HashingVectorizer(
        n_features=2**18, analyzer="char_wb", ngram_range=(3, 5), alternate_sign=False, preprocessor=turkish_lower
    )
    weigh = TfidfTransformer(sublinear_tf=True)
    features = lambda texts: sparse.hstack([words.transform(texts), letters.transform(texts)]).tocsr()
    started = time.perf_counter()
    matrix = weigh.fit_transform(features(train[0]))
    model = LinearSVC(C=1.0).fit(matrix, train[1])
    train_s = time.perf_counter() - started
    started = time.perf_counter()
    scores = model.decision_function(weigh.transform(features(test[0])))
    predict_us = (time.perf_counter() - started) / len(test[0]) * 1e6
    order = np.argsort(-scores, axis=1)[:, :3]
    report(name, "sklearn LinearSVC, hashed", model.classes_[order].tolist(), test[1], train_s, predict_us, model.coef_.nbytes)


def features_left(folder, part, columns=None):
    """Rows by our hashes; columns are those of the training part."""
    read = lambda name, kind: np.fromfile(os.path.join(folder, f"{part}.{name}"), dtype=kind)
    starts, hashes, values = read("starts", "<u8"), read("hashes", "<u8"), read("values", "<f4").astype(np.float64)
    columns = np.unique(hashes) if columns is None else columns
    place = np.searchsorted(columns, hashes)
    values[columns[np.minimum(place, len(columns) - 1)] != hashes] = 0.0
    place = np.minimum(place, len(columns) - 1)
    return sparse.csr_matrix((values, place, starts.astype(np.int64)), shape=(len(starts) - 1, len(columns))), columns


def linear_svc_on_ours(name, train, test):
    """Its training is the fit alone, ours holds the features, two trials and the calibration too."""
    folder = os.environ.get("MESCHAIN_MATRIX", "")
    if not os.path.exists(os.path.join(folder, f"{name}_train.starts")):
        return
    matrix, columns = features_left(folder, f"{name}_train")
    started = time.perf_counter()
    model = LinearSVC(C=1.0).fit(matrix, train[1])
    train_s = time.perf_counter() - started
    rows, _ = features_left(folder, f"{name}_test", columns)
    started = time.perf_counter()
    scores = model.decision_function(rows)
    predict_us = (time.perf_counter() - started) / len(test[0]) * 1e6
    order = np.argsort(-scores, axis=1)[:, :3]
    answers = model.classes_[order].tolist()
    report(name, "sklearn LinearSVC, our features", answers, test[1], train_s, predict_us, model.coef_.nbytes)


def fast_text(name, train, test):
    import fasttext

    fasttext.FastText.eprint = lambda *_: None
    labels = {label: f"__label__{number}" for number, label in enumerate(sorted(set(train[1]) | set(test[1])))}
    names = {code: label for label, code in labels.items()}
    texts = [turkish_lower(text).replace("\n", " ") for text in test[0]]
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        for text, label in zip(*train):
            file.write(f"{labels[label]} {turkish_lower(text)}\n")
        file.flush()
        started = time.perf_counter()
        model = fasttext.train_supervised(
            file.name, dim=64, epoch=25, lr=0.5, minn=3, maxn=5, wordNgrams=2, thread=1, verbose=0
        )
        train_s = time.perf_counter() - started
    # The bound C++ object is called as `predict` calls it: its NumPy 2 incompatible wrapper stays out of the time. Timed as in
    # bench_categorise: seven passes over everything, and of each short part the quickest.
    parts = [texts[start : start + 50] for start in range(0, len(texts), 50)]
    best = [float("inf")] * len(parts)
    for _ in range(7):
        answers = []
        for number, part in enumerate(parts):
            started = time.perf_counter()
            answers += [model.f.predict(text + "\n", 3, 0.0, "strict") for text in part]
            best[number] = min(best[number], time.perf_counter() - started)
    seconds = sum(best)
    answers = [[names[code] for _, code in answer] or [""] for answer in answers]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.bin")
        model.save_model(path)
        size = os.path.getsize(path)
    report(name, "fastText d64", answers, test[1], train_s, seconds / len(texts) * 1e6, size)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", default=os.environ.get("MESCHAIN_DATA", "../shared/data"))
    folder = os.path.join(parser.parse_args().data, "categorise")
    paths = sorted(glob.glob(os.path.join(folder, "*_train.csv.gz")))
    if not paths:
        print(json.dumps({"set": None, "method": "python", "skipped": "no data: set MESCHAIN_DATA"}))
    for path in paths:
        name = os.path.basename(path).removesuffix("_train.csv.gz")
        train, test = read(path), read(path.replace("_train.", "_test."))
        linear_svc(name, train, test)
        linear_svc_on_ours(name, train, test)
        fast_text(name, train, test)


if __name__ == "__main__":
    main()
