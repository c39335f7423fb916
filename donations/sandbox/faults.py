"""What is to go wrong next, in calls to the API and in webhooks."""

from dataclasses import asdict, dataclass, field
from typing import Literal, get_args

from donations.sandbox.refusals import Json, Refused

CallFaultHow = Literal["drop", "error_500", "error_409", "error_429", "hang", "garbage"]
HookFaultHow = Literal["drop", "delay", "double", "reorder", "corrupt", "forge", "stale", "future"]
When = Literal["before", "after"]


@dataclass
class CallFault:
    """The next `times` calls whose path begins with `path` fail, before or after the call has acted.

    With `keep` an error answer is stored under the call's idempotency key and replayed, as Stripe does once a
    call has begun.
    """

    how: CallFaultHow
    when: When = "before"
    times: int = 1
    path: str = "/v1/"
    seconds: float = 5.0
    keep: bool = False


@dataclass
class HookFault:
    """The next `times` events are delivered wrongly. `seconds` is the delay, in sandbox time.

    `reorder` holds `times` events back and sends them last first once the last of them has come.
    """

    how: HookFaultHow
    times: int = 1
    seconds: float = 60.0
    held: list[str] = field(default_factory=list)


class Faults:
    """Faults in the order they were asked for; the first that fits is used up first."""

    def __init__(self) -> None:
        self.calls: list[CallFault] = []
        self.hooks: list[HookFault] = []

    def fail_calls(self, fault: CallFault) -> None:
        """Plan a fault of API calls. Raises Refused for words it does not know."""
        _one_of(fault.how, get_args(CallFaultHow), "how")
        _one_of(fault.when, get_args(When), "when")
        _positive(fault.times)
        self.calls.append(fault)

    def spoil_hooks(self, fault: HookFault) -> None:
        """Plan a fault of webhooks. Raises Refused for words it does not know."""
        _one_of(fault.how, get_args(HookFaultHow), "how")
        _positive(fault.times)
        self.hooks.append(fault)

    def next_call(self, path: str) -> CallFault | None:
        """The fault of this call, used up by asking."""
        for fault in self.calls:
            if path.startswith(fault.path):
                fault.times -= 1
                self.calls = [each for each in self.calls if each.times > 0]
                return fault
        return None

    def next_hook(self) -> HookFault | None:
        """The fault of this event, used up by asking."""
        if not self.hooks:
            return None
        fault = self.hooks[0]
        fault.times -= 1
        if fault.times <= 0:
            self.hooks.pop(0)
        return fault

    def clear(self) -> None:
        """Nothing more goes wrong."""
        self.calls, self.hooks = [], []

    def as_json(self) -> Json:
        """What is planned, for the control page."""
        return {"calls": [asdict(f) for f in self.calls], "webhooks": [asdict(f) for f in self.hooks]}


def _one_of(word: str, known: tuple[str, ...], param: str) -> None:
    if word not in known:
        raise Refused(f"Invalid {param}: must be one of {', '.join(known)}", param=param)


def _positive(times: int) -> None:
    if times < 1:
        raise Refused("Invalid times: must be 1 or more", param="times")
