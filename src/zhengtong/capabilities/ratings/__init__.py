"""政务服务评价（好差评）: ratings of service events, the follow-up of bad ones, evaluators, published figures."""
