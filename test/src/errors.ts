import { readFileSync } from 'node:fs'
import t from 'tap'
import { errorCodes } from '../../src/error-codes.ts'
import {
  ConflictError,
  FailedError,
  InputError,
  messageOf,
  RefusedError,
  SowerError,
  UnavailableError,
} from '../../src/errors.ts'

t.test('an error says by its class what the caller must do', t => {
  const classes = [
    [InputError, 2],
    [RefusedError, 3],
    [ConflictError, 75],
    [UnavailableError, 75],
    [FailedError, 1],
  ] as const
  for (const [Class, exitCode] of classes) {
    const cause = new Error('cause')
    const error = new Class('INTERNAL', 'doing: reason', { fix: 'do it', cause })
    t.ok(error instanceof SowerError)
    t.match(error, {
      name: Class.name,
      code: 'INTERNAL',
      message: 'doing: reason',
      fix: 'do it',
      exitCode,
    })
    t.equal(error.cause, cause)
    const bare = new Class('INTERNAL', 'doing')
    t.equal(bare.fix, undefined)
    t.notOk('cause' in bare)
  }
  const retryAt = '2026-11-22T10:00:00Z'
  t.match(new UnavailableError('INTERNAL', 'doing', { retryAt }), { retryAt, fix: undefined })
  t.equal(new UnavailableError('INTERNAL', 'doing').retryAt, undefined)
  t.end()
})

t.test('each error code stands once, and in the documentation', t => {
  t.equal(new Set(errorCodes).size, errorCodes.length)
  const documented = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')
  for (const code of errorCodes) t.ok(documented.includes(`\`${code}\``), code)
  const rows = [...documented.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code]) => code)
  for (const code of rows)
    t.ok(
      errorCodes.some(known => known === code),
      `${code} exists`,
    )
  t.end()
})

t.test('says what an error says, whatever was thrown', t => {
  for (const [thrown, message] of [
    [new RefusedError('NOT_A_SEED', 'doing: reason'), 'doing: reason'],
    [new TypeError('a mistake'), 'a mistake'],
    ['a text', 'a text'],
    [undefined, 'undefined'],
    [{ message: 'of no error' }, '[object Object]'],
  ] as const)
    t.equal(messageOf(thrown), message)
  t.end()
})
