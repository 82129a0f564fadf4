import { createPrivateKey, sign } from 'node:crypto'
import { z } from 'zod'
import { FailedError, InputError, UnavailableError } from '../../errors.ts'
import { createGitHubClient, type Answer, type GitHubClientOptions } from './git-hub-client.ts'

export type AppOptions = Omit<GitHubClientOptions, 'token'> &
  Readonly<{
    /** The App's number or client id. */
    appId: string
    /** The App's private key, PEM; read for each token. */
    key: () => string
    /** owner/name */
    repository: string
    /** Hears each new token before it is used. */
    conceal: (token: string) => void
  }>

/** The identity of an App in one repository. */
export type AppTokens = Readonly<{
  /**
   * A token of the App's installation that reaches this one repository and may do no more than Sower needs. Throws
   * UnavailableError GITHUB_FAILED where none can be had now, FailedError GITHUB_FAILED for GitHub's no.
   */
  token: () => Promise<string>
  /** A token that may read who is in a team of the organization, and nothing else; likewise. */
  memberToken: () => Promise<string>
  /** The login under which the App writes. */
  login: () => Promise<string>
}>

/** The permissions that Sower needs in a repository, and no more: "Create an installation access token for an app". */
export const appPermissions = {
  checks: 'write',
  contents: 'write',
  issues: 'write',
  metadata: 'read',
  pull_requests: 'write',
} as const

/** The permission that reading the members of a team takes; an App has it only where somebody gives it one. */
const memberPermissions = { members: 'read', metadata: 'read' } as const

const installation = z.looseObject({ id: z.number() })
const app = z.looseObject({ slug: z.string().regex(/^[\w-]{1,100}$/) })
const issued = z.looseObject({
  token: z.string().min(1),
  expires_at: z.iso.datetime({ offset: true }),
  permissions: z.record(z.string(), z.string()),
  repositories: z.array(z.looseObject({ id: z.number(), full_name: z.string() })),
})

const minute = 60_000

/** Creates the tokens of an App; each is kept until five minutes before its end. */
export const createAppTokens = (options: AppOptions): AppTokens => {
  const { appId, key, now, conceal } = options
  const [owner = '', repo = ''] = options.repository.split('/')
  // GitHub takes at most ten minutes, and its clock may be behind ours ("Generating a JSON Web Token").
  const own = { pem: '', token: '', until: 0 }
  const asApp = createGitHubClient({
    ...options,
    token: () => {
      const at = Math.floor(now().getTime() / 1000)
      const pem = key()
      if (own.pem !== pem || own.until <= at) {
        const token = signedToken({ iat: at - 60, exp: at + 540, iss: appId }, pem)
        conceal(token)
        Object.assign(own, { pem, token, until: at + 480 })
      }
      return own.token
    },
  })
  let slug: string | undefined
  let repositoryId: number | null = null

  const request = async (permissions: Readonly<Record<string, string>>): Promise<Issued> => {
    const where = valueOf(
      await asApp.ask(
        {
          activity: "looking for the App's installation",
          route: 'GET /repos/{owner}/{repo}/installation',
          parameters: { owner, repo },
        },
        installation,
      ),
    )
    // By number once it is known: another repository may be called so later.
    const only =
      repositoryId === null ? { repositories: [repo] } : { repository_ids: [repositoryId] }
    const got = valueOf(
      await asApp.ask(
        {
          activity: "asking for the App's token",
          route: 'POST /app/installations/{id}/access_tokens',
          parameters: { id: where.id, ...only, permissions },
        },
        issued,
      ),
    )
    conceal(got.token)
    const [one, other] = got.repositories
    const name = `${owner}/${repo}`.toLowerCase()
    if (!one || other || (repositoryId === null && one.full_name.toLowerCase() !== name))
      throw tooMuch(`it reaches ${got.repositories.length} repositories and not this one alone`)
    const more = Object.keys(got.permissions).filter(each => !Object.hasOwn(permissions, each))
    if (more.length > 0) throw tooMuch(`it may also do what was not asked for: ${more.join(', ')}`)
    repositoryId = one.id
    return { token: got.token, until: Date.parse(got.expires_at) - 5 * minute }
  }
  const keeping = (permissions: Readonly<Record<string, string>>): (() => Promise<string>) => {
    let kept: Issued | null = null
    let asking: Promise<Issued> | null = null
    return async () => {
      if (kept !== null && now().getTime() < kept.until) return kept.token
      asking ??= request(permissions).finally(() => {
        asking = null
      })
      kept = await asking
      return kept.token
    }
  }
  return {
    token: keeping(appPermissions),
    memberToken: keeping(memberPermissions),
    login: async () => {
      const call = { activity: 'reading the App', route: 'GET /app', parameters: {} }
      slug ??= valueOf(await asApp.ask(call, app)).slug
      return `${slug}[bot]`
    },
  }
}

/** A token, and until when it is used. */
type Issued = Readonly<{ token: string; until: number }>

const tooMuch = (reason: string): FailedError =>
  new FailedError('GITHUB_FAILED', `asking for the App's token: ${reason}`, {
    fix: 'install the App on this repository, with the permissions of `sower bot --app-manifest`',
  })

const valueOf = <T>(answer: Answer<T>): T => {
  if (answer.got === 'value') return answer.value
  if (answer.got === 'nothing') throw answer.error
  throw new UnavailableError('GITHUB_FAILED', answer.error.message, {
    fix: 'install the App on the repository, and give the key of this App',
    cause: answer.error,
  })
}

/** A JSON Web Token with RS256 (RFC 7515, 7519). Throws InputError FILE_UNREADABLE for a key that is none. */
const signedToken = (claims: Readonly<Record<string, string | number>>, key: string): string => {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const text = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`
  return `${text}.${sign('sha256', Buffer.from(text), privateKeyOf(key)).toString('base64url')}`
}

const privateKeyOf = (pem: string): ReturnType<typeof createPrivateKey> => {
  try {
    return createPrivateKey(pem)
  } catch {
    throw new InputError('FILE_UNREADABLE', 'reading --app-key-file: it holds no private key', {
      fix: 'generate one in the settings of the GitHub App, and give its .pem file',
    })
  }
}

/** Checks a key at the start. Throws InputError FILE_UNREADABLE. */
export const refuseUnlessKey = (pem: string): void => {
  privateKeyOf(pem)
}
