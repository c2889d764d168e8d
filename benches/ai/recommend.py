"""The peers of bench_recommend: popularity, item-kNN, EASE in numpy, implicit ALS; one thread, the same JSON lines.

python3 -m venv scratch && scratch/bin/pip install scipy implicit && scratch/bin/python recommend.py --data DIR
"""

import argparse
import csv
import glob
import gzip
import json
import os
import resource
import time

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import numpy as np
from scipy import sparse


def read(path):
    with gzip.open(path, "rt", newline="") as file:
        return list(csv.DictReader(file))


def load(path):
    rows = read(path)
    users = {user: number for number, user in enumerate(sorted({row["CustomerID"] for row in rows}))}
    items = {item: number for number, item in enumerate(sorted({row["StockCode"] for row in rows}))}
    at = ([users[row["CustomerID"]] for row in rows], [items[row["StockCode"]] for row in rows])
    matrix = sparse.csr_matrix((np.ones(len(rows), np.float32), at), shape=(len(users), len(items)))
    matrix.data[:] = 1
    wanted = {}
    for row in read(path.replace("_train.", "_test_new.")):
        user, item = users.get(row["CustomerID"]), items.get(row["StockCode"])
        if user is not None and item is not None:
            wanted.setdefault(user, set()).add(item)
    return matrix, wanted


def judge(scores, matrix, wanted):
    """scores: one row per user of `wanted`, ascending."""
    gains = 1 / np.log2(np.arange(2, 22))
    ndcg, recall = [], []
    for row, user in zip(scores, sorted(wanted)):
        row = np.array(row, dtype=np.float64)
        row[matrix.indices[matrix.indptr[user] : matrix.indptr[user + 1]]] = -np.inf
        top = np.argpartition(-row, 20)[:20]
        top = top[np.argsort(-row[top])]
        hits = np.array([item in wanted[user] for item in top])
        ndcg.append((hits * gains).sum() / gains[: min(20, len(wanted[user]))].sum())
        recall.append(hits.sum() / len(wanted[user]))
    return {"ndcg20": float(np.mean(ndcg)), "recall20": float(np.mean(recall))}


def measure(name, method, matrix, wanted, fit, score):
    started = time.perf_counter()
    model = fit()
    train_s = time.perf_counter() - started
    users = sorted(wanted)
    started = time.perf_counter()
    scores = score(model, users)
    predict_us = (time.perf_counter() - started) / len(users) * 1e6
    line = {
        "set": name, "method": method, "metrics": judge(scores, matrix, wanted), "train_s": train_s,
        "predict_us": predict_us, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(line), flush=True)


def ease(matrix, strength):
    gram = (matrix.T @ matrix).toarray()
    gram[np.diag_indices_from(gram)] += strength
    inverse = np.linalg.inv(gram)
    weights = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0)
    return weights


def item_knn(matrix, nearest=100):
    gram = (matrix.T @ matrix).toarray()
    size = np.sqrt(np.diag(gram))
    cosine = gram / (size[:, None] * size[None, :] + 1e-9)
    np.fill_diagonal(cosine, 0)
    cut = np.partition(cosine, -min(nearest, cosine.shape[0]), axis=0)[-min(nearest, cosine.shape[0])]
    cosine[cosine < cut] = 0
    return cosine


def als(matrix):
    from implicit.als import AlternatingLeastSquares

    model = AlternatingLeastSquares(factors=64, regularization=0.05, iterations=15, num_threads=1, random_state=1)
    model.fit(matrix, show_progress=False)
    return model


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", default=os.environ.get("MESCHAIN_DATA", "../shared/data"))
    folder = os.path.join(parser.parse_args().data, "recommend")
    paths = sorted(glob.glob(os.path.join(folder, "*_train.csv.gz")))
    if not paths:
        print(json.dumps({"set": None, "method": "python", "skipped": "no data: set MESCHAIN_DATA"}))
    for path in paths:
        name = os.path.basename(path).removesuffix("_train.csv.gz")
        matrix, wanted = load(path)
        dense = lambda weights, users: matrix[users] @ weights
        popular = lambda: np.asarray(matrix.sum(0)).ravel()
        measure(name, "popularity", matrix, wanted, popular, lambda p, users: np.tile(p, (len(users), 1)))
        measure(name, "item-kNN cosine k=100", matrix, wanted, lambda: item_knn(matrix), dense)
        measure(
            name, "implicit ALS f=64", matrix, wanted, lambda: als(matrix),
            lambda model, users: model.user_factors[users] @ model.item_factors.T,
        )
        measure(name, "EASE numpy lambda=250", matrix, wanted, lambda: ease(matrix, 250), dense)


if __name__ == "__main__":
    main()
