"""Lets `python -m policy_bot` run the command line."""

from policy_bot.cli.main import script

if __name__ == "__main__":
    script()
