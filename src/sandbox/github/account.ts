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
}>

const steps = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const

/** True if the account has that permission or a higher one. */
export const isAtLeast = ({ permission }: Account, least: Account['permission']): boolean =>
  steps.indexOf(permission) >= steps.indexOf(least)

/** True if the account may push, merge and set statuses. */
export const canWrite = (account: Account): boolean => isAtLeast(account, 'write')
