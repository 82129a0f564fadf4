import type { Octokit } from '@octokit/rest'

/** GitHub's API, or what stands in front of it, sends us somewhere else. The message continues "GitHub …". */
export class SentElsewhere extends Error {
  readonly fix: string
  constructor(message: string, fix: string) {
    super(message)
    this.fix = fix
  }
}

const mostPages = 100

/**
 * Keeps a client at the origin of its API: no other host sees the token, and none answers in its place. A redirect
 * is not followed (`request.redirect` must be 'manual'), nor is a Link header that leads to another origin
 * (https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects).
 * Requests then throw SentElsewhere, which nothing tries again.
 */
export const stayAtOrigin = ({ hook }: Pick<Octokit, 'hook'>, apiUrl: string): void => {
  const { origin } = new URL(apiUrl)
  hook.before('request', ({ url }) => {
    if (new URL(url, apiUrl).origin !== origin)
      throw new SentElsewhere(
        'names a further page on another host, which is not asked',
        'set --api-url to the address that the API itself gives in its Link headers',
      )
  })
  hook.after('request', ({ status }) => {
    if (status >= 300 && status < 400)
      throw new SentElsewhere(
        `answered ${status}: the repository or its API is somewhere else, and redirects are not followed`,
        'a renamed or moved repository: set --repository to its new name; another address: set --api-url',
      )
  })
}

/** The pages of a list. Throws SentElsewhere where they never end. */
export const pagesOf = async function* <T>(
  pages: AsyncIterable<Readonly<{ data: T }>>,
): AsyncGenerator<T> {
  let count = 0
  for await (const { data } of pages) {
    count += 1
    if (count > mostPages)
      throw new SentElsewhere(
        `gave more than ${mostPages} pages of one list`,
        'see whether --api-url names GitHub itself; delete comments that nobody needs',
      )
    yield data
  }
}
