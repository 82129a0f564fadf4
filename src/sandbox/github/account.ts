/** Someone whom the simulated GitHub knows: the token is the credential for REST and for git. */
export type Account = Readonly<{
  login: string
  type: 'User' | 'Bot'
  token: string
  permission: 'admin' | 'write' | 'read' | 'none'
}>

/** True if the account may push, label, merge and set statuses. */
export const canWrite = (account: Account): boolean =>
  account.permission === 'admin' || account.permission === 'write'
