import { RegistryError } from './registry-error.ts'

/** Someone who may use the registry. */
export type Account = Readonly<{
  username: string
  password: string
  /** False may only pull. */
  push: boolean
  /** Prefixes of the repositories that the account may use; all of them by default. */
  repositories?: readonly string[]
}>

const credentialsOf = (header: string): readonly string[] => {
  const encoded = /^basic\s+(\S+)$/i.exec(header)?.[1] ?? ''
  const text = Buffer.from(encoded, 'base64').toString()
  const colon = text.indexOf(':')
  return colon === -1 ? [] : [text.slice(0, colon), text.slice(colon + 1)]
}

/** Finds who sends an `Authorization: Basic` header; throws the 401. */
export const authenticate = (accounts: readonly Account[], header = ''): Account => {
  const [username, password] = credentialsOf(header)
  const account = accounts.find(each => each.username === username && each.password === password)
  if (!account) throw new RegistryError(401, 'UNAUTHORIZED', 'authentication required')
  return account
}

const isWithin = (repository: string, prefix: string): boolean =>
  repository === prefix || repository.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`)

/** Throws the 403 of an account that may not read or write a repository. */
export const authorize = (
  account: Account,
  { repository, writes }: Readonly<{ repository: string; writes: boolean }>,
): void => {
  const { repositories, push } = account
  const isTheirs = repositories?.some(prefix => isWithin(repository, prefix)) ?? true
  if (!isTheirs || (writes && !push))
    throw new RegistryError(403, 'DENIED', 'requested access to the resource is denied')
}
