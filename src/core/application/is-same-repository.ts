/**
 * Tells whether a repository URL as Argo CD takes it names this repository. Compares `owner/name` without regard to
 * case, as GitHub does and Argo CD when it compares URLs (util/git/git.go, NormalizeGitURL); a `.git` and slashes at
 * the end do not count. The host does not either: mirrors, proxies and `ssh.github.com` serve the same repository.
 *
 * `git@github.com:Owner/Name.git` names `owner/name`.
 */
export const isSameRepository = (url: string, repository: string): boolean =>
  decoded(url.trim())
    .toLowerCase()
    .replace(/\/(?:\.?\/)+/g, '/')
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
    .replace(/\/+$/, '')
    .replace(/^([^/]*):/, '$1/')
    .endsWith(`/${repository.toLowerCase()}`)

/** The letters that a URL holds in hex, which servers and git resolve; the text itself where one is none. */
const decoded = (url: string): string => {
  try {
    return decodeURI(url)
  } catch {
    return url
  }
}
