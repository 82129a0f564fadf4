import type { RestEndpointMethodTypes } from '@octokit/rest'
import { isAtLeast, type Account } from '../account.ts'
import { apiUrl, userId, webUrl, type Host } from '../host.ts'
import { nodeId, userShape } from './user-shape.ts'

type Repository = RestEndpointMethodTypes['repos']['get']['response']['data'] &
  RestEndpointMethodTypes['pulls']['get']['response']['data']['head']['repo'] &
  RestEndpointMethodTypes['repos']['getCombinedStatusForRef']['response']['data']['repository']

/** The permissions of an account, in GitHub's five steps. */
export const permissionsShape = (
  account: Account,
): Record<'admin' | 'maintain' | 'push' | 'triage' | 'pull', boolean> => ({
  admin: account.permission === 'admin',
  maintain: isAtLeast(account, 'maintain'),
  push: isAtLeast(account, 'write'),
  triage: isAtLeast(account, 'triage'),
  pull: isAtLeast(account, 'read'),
})

/** The repository; its id depends on its name only. */
export const repositoryShape = (host: Host, viewer?: Account): Repository => {
  const id = userId(`${host.owner}/${host.name}`)
  const openIssues = [...host.state.pulls.values()].filter(pull => pull.state === 'open').length
  const api = (path: string): string => apiUrl(host, path)
  return {
    id,
    node_id: nodeId('R', id),
    name: host.name,
    full_name: `${host.owner}/${host.name}`,
    owner: userShape(host, host.owner),
    private: true,
    visibility: 'private',
    html_url: webUrl(host),
    description: null,
    fork: host.isFork === true,
    url: apiUrl(host),
    archive_url: api('/{archive_format}{/ref}'),
    assignees_url: api('/assignees{/user}'),
    blobs_url: api('/git/blobs{/sha}'),
    branches_url: api('/branches{/branch}'),
    collaborators_url: api('/collaborators{/collaborator}'),
    comments_url: api('/comments{/number}'),
    commits_url: api('/commits{/sha}'),
    compare_url: api('/compare/{base}...{head}'),
    contents_url: api('/contents/{+path}'),
    contributors_url: api('/contributors'),
    deployments_url: api('/deployments'),
    downloads_url: api('/downloads'),
    events_url: api('/events'),
    forks_url: api('/forks'),
    git_commits_url: api('/git/commits{/sha}'),
    git_refs_url: api('/git/refs{/sha}'),
    git_tags_url: api('/git/tags{/sha}'),
    git_url: host.gitUrl.replace(/^http/, 'git'),
    hooks_url: api('/hooks'),
    issue_comment_url: api('/issues/comments{/number}'),
    issue_events_url: api('/issues/events{/number}'),
    issues_url: api('/issues{/number}'),
    keys_url: api('/keys{/key_id}'),
    labels_url: api('/labels{/name}'),
    languages_url: api('/languages'),
    merges_url: api('/merges'),
    milestones_url: api('/milestones{/number}'),
    notifications_url: api('/notifications{?since,all,participating}'),
    pulls_url: api('/pulls{/number}'),
    releases_url: api('/releases{/id}'),
    ssh_url: `git@127.0.0.1:${host.owner}/${host.name}.git`,
    stargazers_url: api('/stargazers'),
    statuses_url: api('/statuses/{sha}'),
    subscribers_url: api('/subscribers'),
    subscription_url: api('/subscription'),
    svn_url: webUrl(host),
    tags_url: api('/tags'),
    teams_url: api('/teams'),
    trees_url: api('/git/trees{/sha}'),
    clone_url: host.gitUrl,
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    topics: [],
    forks: 0,
    forks_count: 0,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    subscribers_count: 0,
    network_count: 0,
    size: 0,
    default_branch: host.repository.defaultBranch,
    open_issues: openIssues,
    open_issues_count: openIssues,
    is_template: false,
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- GitHub still sends it
    has_downloads: false,
    has_discussions: false,
    archived: host.state.isArchived.now,
    disabled: false,
    allow_forking: false,
    allow_merge_commit: true,
    allow_squash_merge: true,
    allow_rebase_merge: false,
    allow_auto_merge: false,
    delete_branch_on_merge: false,
    web_commit_signoff_required: false,
    pushed_at: host.state.lastPush.at ?? host.createdAt,
    created_at: host.createdAt,
    updated_at: host.createdAt,
    ...(viewer ? { permissions: permissionsShape(viewer) } : {}),
  }
}
