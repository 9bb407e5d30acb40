"""Accounts, repositories, commits, the App and its installations in the shapes of GitHub's REST API."""

from __future__ import annotations

from policy_bot.sandbox.registration import Registration
from policy_bot.sandbox.state import Account, Clock, Installation, Repository, stamp

Json = dict[str, object]

BEGINNING = stamp(Clock().at)
_REPOSITORY_URLS = """
archive_url:/{archive_format}{/ref} assignees_url:/assignees{/user} blobs_url:/git/blobs{/sha}
branches_url:/branches{/branch} collaborators_url:/collaborators{/collaborator}
comments_url:/comments{/number}
commits_url:/commits{/sha} compare_url:/compare/{base}...{head} contents_url:/contents/{+path}
contributors_url:/contributors deployments_url:/deployments downloads_url:/downloads events_url:/events
forks_url:/forks git_commits_url:/git/commits{/sha} git_refs_url:/git/refs{/sha} git_tags_url:/git/tags{/sha}
hooks_url:/hooks issue_comment_url:/issues/comments{/number} issue_events_url:/issues/events{/number}
issues_url:/issues{/number} keys_url:/keys{/key_id} labels_url:/labels{/name} languages_url:/languages
merges_url:/merges milestones_url:/milestones{/number}
notifications_url:/notifications{?since,all,participating}
pulls_url:/pulls{/number} releases_url:/releases{/id} stargazers_url:/stargazers statuses_url:/statuses/{sha}
subscribers_url:/subscribers subscription_url:/subscription tags_url:/tags teams_url:/teams
trees_url:/git/trees{/sha}
"""
_USER_URLS = """
followers_url:/followers following_url:/following{/other_user} gists_url:/gists{/gist_id}
starred_url:/starred{/owner}{/repo}
subscriptions_url:/subscriptions organizations_url:/orgs repos_url:/repos events_url:/events{/privacy}
received_events_url:/received_events
"""


def _pairs(table: str) -> list[tuple[str, str]]:
    rows = (row.partition(":") for row in table.split())
    return [(name, rest) for name, _, rest in rows]


REPOSITORY_URLS, USER_URLS = _pairs(_REPOSITORY_URLS), _pairs(_USER_URLS)


class Shapes:
    """Holds the addresses, so that all links lead to this sandbox."""

    def __init__(self, url: str, registration: Registration) -> None:
        self.url = url
        self.api = f"{url}/api/v3"
        self.registration = registration

    def user(self, account: Account) -> Json:
        """`simple-user`."""
        own = f"{self.api}/users/{account.login}"
        return {
            "login": account.login,
            "id": account.id,
            "node_id": account.node_id,
            "avatar_url": f"{self.url}/avatars/{account.login}.svg",
            "gravatar_id": "",
            "url": own,
            "html_url": f"{self.url}/{account.login}",
            **{name: own + rest for name, rest in USER_URLS},
            "type": account.type,
            "site_admin": False,
        }

    def repository_url(self, repository: Repository) -> str:
        """API address of a repository."""
        return f"{self.api}/repos/{repository.full_name}"

    def repository(self, repository: Repository) -> Json:
        """`repository`, for lists, pull requests and webhooks."""
        own, page = self.repository_url(repository), f"{self.url}/{repository.full_name}"
        open_pulls = sum(pull.state == "open" for pull in repository.pulls.values())
        return {
            "id": repository.id,
            "node_id": repository.node_id,
            "name": repository.name,
            "full_name": repository.full_name,
            "private": repository.private,
            "owner": self.user(repository.owner),
            "html_url": page,
            "description": None,
            "fork": repository.parent is not None,
            "url": own,
            **{name: own + rest for name, rest in REPOSITORY_URLS},
            "clone_url": f"{page}.git",
            "git_url": f"git:{page.partition(':')[2]}.git",
            "ssh_url": f"git@sandbox:{repository.full_name}.git",
            "svn_url": page,
            "mirror_url": None,
            "homepage": None,
            "language": "TypeScript",
            "license": None,
            "forks": 0,
            "forks_count": 0,
            "stargazers_count": 0,
            "watchers": 0,
            "watchers_count": 0,
            "size": 1,
            "default_branch": repository.default_branch,
            "open_issues": open_pulls,
            "open_issues_count": open_pulls,
            "topics": list(repository.topics),
            "has_issues": True,
            "has_projects": True,
            "has_wiki": False,
            "has_pages": False,
            "has_downloads": True,
            "has_discussions": False,
            "archived": repository.archived,
            "disabled": False,
            "visibility": "private" if repository.private else "public",
            "is_template": False,
            "web_commit_signoff_required": False,
            "allow_forking": True,
            "pushed_at": BEGINNING,
            "created_at": BEGINNING,
            "updated_at": BEGINNING,
        }

    def full_repository(self, repository: Repository) -> Json:
        """`full-repository`, the answer for one repository."""
        return {**self.repository(repository), "network_count": 0, "subscribers_count": 0}

    def app(self) -> Json:
        """`integration`, the App itself."""
        app = self.registration
        owner = Account(app.id, app.owner, "Organization")
        return {
            "id": app.id,
            "slug": app.slug,
            "node_id": f"A_kgDO{app.id}",
            "client_id": app.client_id,
            "owner": self.user(owner),
            "name": app.name,
            "description": "Deployment policy for SST apps at the pull request",
            "external_url": "https://example.com",
            "html_url": f"{self.url}/apps/{app.slug}",
            "created_at": BEGINNING,
            "updated_at": BEGINNING,
            "permissions": app.permissions,
            "events": list(app.events),
        }

    def installation(self, installation: Installation) -> Json:
        """`installation`."""
        own = f"{self.api}/app/installations/{installation.id}"
        made = stamp(installation.created)
        return {
            "id": installation.id,
            "account": self.user(installation.account),
            "repository_selection": "all" if installation.repositories is None else "selected",
            "access_tokens_url": f"{own}/access_tokens",
            "repositories_url": f"{self.api}/installation/repositories",
            "html_url": f"{self.url}/settings/installations/{installation.id}",
            "app_id": self.registration.id,
            "app_slug": self.registration.slug,
            "target_id": installation.account.id,
            "target_type": installation.account.type,
            "permissions": installation.permissions,
            "events": installation.events,
            "created_at": made,
            "updated_at": made,
            "single_file_name": None,
            "suspended_by": None,
            "suspended_at": stamp(installation.suspended) if installation.suspended else None,
        }
