import type { RecordedRequest } from '../../src/sandbox/github/start-github.ts'

/** How often a bot asked GitHub. */
export type Asked = Readonly<{
  /** Calls of the REST API that count against the hourly limit, but for `news`. */
  counted: number
  /** The same for the three lists in which the bot looks for what no webhook brought. */
  news: number
  /** Calls that GitHub answered with "as before" (304), which do not count. */
  free: number
  /** How often git looked at the refs, and how often it fetched. */
  looks: number
  fetches: number
}>

const newsOf = /\/(?:issues\/(?:comments|events)|pulls\?state=all&sort=updated)\b.*\bpage=\d+$/

/** Counts what the bot `sower[bot]` asked of the sandbox's GitHub, in the requests that a demo leaves, a line each. */
export const countAsked = (lines: string): Asked => {
  const requests = lines.trimEnd().split('\n')
  const own = requests
    .map(line => JSON.parse(line) as RecordedRequest)
    .filter(({ login }) => login === 'sower[bot]')
  const isGit = ({ path }: RecordedRequest): boolean => path.includes('.git/')
  const calls = own.filter(request => !isGit(request))
  const counted = calls.filter(({ status }) => status !== 304)
  const news = counted.filter(({ method, path }) => method === 'GET' && newsOf.test(path)).length
  const git = (command: string): number =>
    own.filter(request => isGit(request) && request.requestBody === command).length
  return {
    ...{ counted: counted.length - news, news, free: calls.length - counted.length },
    ...{ looks: git('ls-refs'), fetches: git('fetch') },
  }
}
