"""How the model learns from what people corrected: lessons, training, the gate and adapters."""
