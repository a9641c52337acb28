"""Reference figures for the forecast models, computed by other people's programs.

    pip install statsforecast statsmodels
    python3 tests/data/forecast_reference.py > tests/data/forecast_reference.json

The series are public: the Nile's yearly flow at Aswan, 1871 to 1970 (Cobb 1978), Box and Jenkins' airline passengers.
"""
import json
import warnings

import numpy as np
import statsforecast
import statsmodels
import statsmodels.api as sm
from statsforecast.models import DynamicOptimizedTheta
from statsforecast.utils import AirPassengers
from statsmodels.tsa.ar_model import AutoReg
from statsmodels.tsa.holtwinters import ExponentialSmoothing, SimpleExpSmoothing

warnings.simplefilter("ignore")
HORIZON = 12
nile = sm.datasets.nile.load_pandas().data["volume"].to_numpy(float)
air = np.asarray(AirPassengers, float)
season = sm.tsa.seasonal_decompose(air, model="multiplicative", period=12)
plain = air / np.asarray(season.seasonal)


def smoothing(values):
    def shown(fit):
        return {"sse": float(fit.sse), "alpha": float(fit.params["smoothing_level"]), "forecast": fit.forecast(HORIZON).tolist()}

    def holt(damped):
        model = ExponentialSmoothing(values, trend="add", damped_trend=damped, initialization_method="estimated",
                                     bounds={"damping_trend": (0.8, 0.98)} if damped else None)
        return model.fit(optimized=True, use_brute=True)

    return {
        "simple": shown(SimpleExpSmoothing(values, initialization_method="estimated").fit()),
        "linear": shown(holt(False)),
        "damped": shown(holt(True)),
    }


def theta(values):
    model = DynamicOptimizedTheta(season_length=1)
    model.fit(values)
    return model.predict(HORIZON)["mean"].tolist()


def autoregression(values, lags):
    fit = AutoReg(values, lags=lags, trend="c").fit()
    return {"lags": lags, "parameters": np.asarray(fit.params).tolist(), "forecast": fit.predict(len(values), len(values) + HORIZON - 1).tolist()}


print(json.dumps({
    "made_with": {"statsforecast": statsforecast.__version__, "statsmodels": statsmodels.__version__},
    "nile": {"values": nile.tolist(), "smoothing": smoothing(nile), "theta": theta(nile), "autoregression": autoregression(nile, 2)},
    "air_passengers": {"values": air.tolist(), "season": np.asarray(season.seasonal)[:12].tolist(),
                       "adjusted": plain.tolist(), "smoothing": smoothing(plain), "theta": theta(plain)},
}, indent=1))
