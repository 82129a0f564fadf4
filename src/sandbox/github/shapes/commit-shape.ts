import type { RestEndpointMethodTypes } from '@octokit/rest'
import type { ChangedFile } from '../git/changed-files.ts'
import type { Commit } from '../git/list-commits.ts'
import { apiUrl, identityOf, webUrl, type Host } from '../host.ts'
import { userShape } from './user-shape.ts'

type CommitData = RestEndpointMethodTypes['repos']['getCommit']['response']['data']
type FileData = RestEndpointMethodTypes['pulls']['listFiles']['response']['data'][number]

/** The account behind a commit's mail address, as far as GitHub can know it. */
export const loginOfEmail = (host: Host, email: string): string | null =>
  host.accounts.find(account => identityOf(account.login).email === email)?.login ?? null

/** A commit as the commits API shows it. */
export const commitShape = (host: Host, commit: Commit): CommitData => {
  const user = (email: string): CommitData['author'] => {
    const login = loginOfEmail(host, email)
    return login === null ? null : userShape(host, login)
  }
  const url = apiUrl(host, `/commits/${commit.sha}`)
  return {
    sha: commit.sha,
    node_id: `C_${commit.sha}`,
    url,
    html_url: webUrl(host, `/commit/${commit.sha}`),
    comments_url: `${url}/comments`,
    commit: {
      url: apiUrl(host, `/git/commits/${commit.sha}`),
      author: { ...commit.author },
      committer: { ...commit.committer },
      message: commit.message,
      comment_count: 0,
      tree: { sha: commit.tree, url: apiUrl(host, `/git/trees/${commit.tree}`) },
      verification: {
        verified: false,
        reason: 'unsigned',
        signature: null,
        payload: null,
        verified_at: null,
      },
    },
    author: user(commit.author.email),
    committer: user(commit.committer.email),
    parents: commit.parents.map(sha => ({
      sha,
      url: apiUrl(host, `/commits/${sha}`),
      html_url: webUrl(host, `/commit/${sha}`),
    })),
  }
}

/** A changed file of a pull request or commit whose newer side is `sha`. */
export const changedFileShape = (host: Host, file: ChangedFile, sha: string): FileData => {
  const path = file.path.split('/').map(encodeURIComponent).join('/')
  return {
    sha: file.blob,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: webUrl(host, `/blob/${sha}/${path}`),
    raw_url: webUrl(host, `/raw/${sha}/${path}`),
    contents_url: apiUrl(host, `/contents/${path}?ref=${sha}`),
    ...(file.patch === null ? {} : { patch: file.patch }),
    ...(file.previousPath === null ? {} : { previous_filename: file.previousPath }),
  }
}
