"""The peers of bench_pricing: least squares of log volume on log price and covariates, pooled and for each unit, in numpy.

python3 -m venv scratch && scratch/bin/pip install numpy && scratch/bin/python pricing.py --data DIR
"""

import argparse
import csv
import glob
import gzip
import json
import os
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

HELD_OUT = 12


def read(file):
    units = {}
    with gzip.open(file, "rt") as lines:
        reader = csv.DictReader(lines)
        unit, *names = reader.fieldnames
        others = [name for name in names if name not in ("volume", "price")]
        for row in reader:
            values = [float(row["volume"]), float(row["price"])] + [float(row[name]) for name in others]
            units.setdefault(row[unit], []).append(values)
    return [np.array(rows) for rows in units.values()]


def design(rows):
    return np.column_stack([np.log(rows[:, 1]), rows[:, 2:]])


def log_volume(rows):
    return np.log(np.maximum(rows[:, 0], 0.5))


def alone(known, future):
    for train, test in zip(known, future):
        x = np.column_stack([np.ones(len(train)), design(train)])
        beta = np.linalg.lstsq(x, log_volume(train), rcond=None)[0]
        yield np.exp(np.clip(np.column_stack([np.ones(len(test)), design(test)]) @ beta, -50, 50)), beta[1]


def pooled(known, future):
    x = np.concatenate([design(rows) - design(rows).mean(0) for rows in known])
    y = np.concatenate([log_volume(rows) - log_volume(rows).mean() for rows in known])
    beta = np.linalg.lstsq(x, y, rcond=None)[0]
    for train, test in zip(known, future):
        level = (log_volume(train) - design(train) @ beta).mean()
        yield np.exp(level + design(test) @ beta), beta[0]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", default=os.environ.get("MESCHAIN_DATA", "../shared/data"))
    options = parser.parse_args()
    files = sorted(glob.glob(os.path.join(options.data, "price", "*.csv.gz")))
    if not files:
        print(json.dumps({"skipped": "no price/NAME.csv.gz under MESCHAIN_DATA"}))
    for file in files:
        units = [rows for rows in read(file) if len(rows) > HELD_OUT + 4]
        future = [rows[-HELD_OUT:] for rows in units]
        for keep in (0, 8):
            known = [rows[:-HELD_OUT][-keep:] for rows in units]
            for name, method in (("ols_per_unit", alone), ("ols_pooled", pooled)):
                started = time.perf_counter()
                found = list(method(known, future))
                seconds = time.perf_counter() - started
                error = sum(np.abs(p - rows[:, 0]).sum() for (p, _), rows in zip(found, future))
                sold = sum(rows[:, 0].sum() for rows in future)
                print(json.dumps({
                    "set": os.path.basename(file)[: -len(".csv.gz")],
                    "method": name,
                    "history": f"{keep} weeks" if keep else "all",
                    "units": len(units),
                    "wape": round(float(error / sold), 4),
                    "positive_elasticities": int(sum(slope >= 0 for _, slope in found)),
                    "train_ms": round(1000 * seconds, 3),
                }))


if __name__ == "__main__":
    main()
