"""The peers of bench_forecast: statsforecast on the same files, one thread, the same JSON lines.

python3 -m venv scratch && scratch/bin/pip install statsforecast && scratch/bin/python forecast.py --data DIR [--models SES,DOT]
"""

import argparse
import glob
import gzip
import json
import os
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
from statsforecast.models import AutoETS, CrostonSBA, DynamicOptimizedTheta, SeasonalNaive
from statsforecast.models import SimpleExponentialSmoothingOptimized as SES

MODELS = {
    "seasonal_naive": lambda season: SeasonalNaive(season_length=season),
    "ses": lambda season: SES(),
    "croston_sba": lambda season: CrostonSBA(),
    "dynamic_theta": lambda season: DynamicOptimizedTheta(season_length=season),
    "auto_ets": lambda season: AutoETS(season_length=season),
}


def score(rows, forecasts, season):
    error = sold = expected = 0.0
    scaled = []
    for row, forecast in zip(rows, forecasts):
        future = np.array(row["future"], float)
        history = np.array(row["history"], float)
        own = np.abs(forecast - future).sum()
        error, sold, expected = error + own, sold + future.sum(), expected + forecast.sum()
        naive = np.abs(history[season:] - history[:-season]).mean() if len(history) > season else 0.0
        if naive > 0:
            scaled.append(own / len(future) / naive)
    return {"wape": error / sold, "mase": float(np.mean(scaled)), "bias": expected / sold - 1}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", default=os.environ.get("MESCHAIN_DATA", "../shared/data"))
    parser.add_argument("--models", default=",".join(MODELS))
    parser.add_argument("--limit", type=int, default=0, help="only so many series of each set, for a quick speed ratio")
    options = parser.parse_args()
    files = sorted(glob.glob(os.path.join(options.data, "forecast", "*.jsonl.gz")))
    if not files:
        print(json.dumps({"skipped": "no forecast/NAME.jsonl.gz under MESCHAIN_DATA"}))
    for file in files:
        with gzip.open(file, "rt") as lines:
            rows = [json.loads(line) for line in lines]
        rows = rows[: options.limit or None]
        season, horizon = rows[0]["season"], len(rows[0]["future"])
        for name in options.models.split(","):
            model = MODELS[name](season)
            model.forecast(np.arange(1.0, 60.0), h=horizon)  # compiles before the clock starts
            wall, processor = time.perf_counter(), time.process_time()
            forecasts = []
            for row in rows:
                values = model.forecast(np.array(row["history"], float), h=horizon)["mean"]
                forecasts.append(np.maximum(np.nan_to_num(values), 0))
            wall, processor = time.perf_counter() - wall, time.process_time() - processor
            line = {"set": os.path.basename(file)[: -len(".jsonl.gz")], "method": name, "series": len(rows)}
            line.update(score(rows, forecasts, season))
            line["ms_per_series"] = 1000 * wall / len(rows)
            line["cpu_ms_per_series"] = 1000 * processor / len(rows)
            print(json.dumps({k: round(v, 4) if isinstance(v, float) else v for k, v in line.items()}), flush=True)


if __name__ == "__main__":
    main()
