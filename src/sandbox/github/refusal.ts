import type { z } from 'zod'
import { isAtLeast, type Account } from './account.ts'

type FieldError = Readonly<{
  resource: string
  code: string
  field?: string
  message?: string
  value?: string
}>

/** An answer of the API that is not a success, with the body that GitHub would send. */
export class Refusal extends Error {
  readonly status: number
  readonly errors: readonly FieldError[] | undefined
  constructor(status: number, message: string, errors?: readonly FieldError[]) {
    super(message)
    this.status = status
    this.errors = errors
  }
}

/** 404: also what someone without any permission sees of a private repository. */
export const notFound = (message = 'Not Found'): Refusal => new Refusal(404, message)

/** 422 in the shape of GitHub's validation errors. */
export const validationFailed = (...errors: readonly FieldError[]): Refusal =>
  new Refusal(422, 'Validation Failed', errors)

/** Throws what GitHub answers to a token that may read but not write. */
export const requireWrite = (account: Account): void => {
  requireAtLeast(account, 'write')
}

/** The same for what takes less, such as labels. */
export const requireTriage = (account: Account): void => {
  requireAtLeast(account, 'triage')
}

const requireAtLeast = (account: Account, least: 'triage' | 'write'): void => {
  if (isAtLeast(account, least)) return
  throw new Refusal(
    403,
    account.type === 'Bot'
      ? 'Resource not accessible by integration'
      : 'Resource not accessible by personal access token',
  )
}

/** Parses a request body, or throws the 422 that GitHub's own schema check would. */
export const parseBody = <Schema extends z.ZodType>(
  schema: Schema,
  body: unknown,
): z.output<Schema> => {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const details = parsed.error.issues
    .map(issue => `For '/${issue.path.join('/')}', ${issue.message}.`)
    .join('\n')
  throw new Refusal(422, `Invalid request.\n\n${details}`)
}
