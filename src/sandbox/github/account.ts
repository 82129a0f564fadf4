/** Someone whom the simulated GitHub knows: the token is the credential for REST and for git. */
export type Account = Readonly<{
  login: string
  type: 'User' | 'Bot'
  token: string
  permission: 'admin' | 'maintain' | 'write' | 'triage' | 'read' | 'none'
  /** The name of a custom role of the organization, which is based on that permission. */
  role?: string
  /** Slugs of the teams that it is in. */
  teams?: readonly string[]
  /** A GitHub App that is installed on the repository: its number and public key (PEM). Its token is never taken. */
  app?: Readonly<{ id: string; publicKey: string }>
  /** All that the token of an installation may do; without it, a token may do what its account may. */
  grants?: Grants
}>

/** The permissions of an App, by name. */
export type Grants = Readonly<Record<string, 'read' | 'write'>>

const steps = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const

/** True if the account has that permission or a higher one. */
export const isAtLeast = ({ permission }: Account, least: Account['permission']): boolean =>
  steps.indexOf(permission) >= steps.indexOf(least)

/** True if the account may push, merge and set statuses. */
export const canWrite = (account: Account): boolean => isAtLeast(account, 'write')
