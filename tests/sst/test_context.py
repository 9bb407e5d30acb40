"""Contexts in words: what a check, a comment and a terminal call them."""

from policy_bot.sst.deployment import Context


def test_a_deployed_stage_named_dev_is_not_sst_dev() -> None:
    words = [str(Context(stage, dev)) for stage, dev in (("dev", False), ("dev", True), ("alice", True))]
    assert words == ["dev", "sst dev", "alice (sst dev)"]
