import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { isLeak } from '../../../src/core/scan/scan-finding.ts'
import { scanFile } from '../../../src/core/scan/scan-file.ts'

const corpus = new URL('../../fixtures/scan/', import.meta.url)
const base64 = (text: string): string => Buffer.from(text).toString('base64')

/** A file of the corpus with credentials that are made for it, so that none is in the repository. */
const filled = (text: string): string => {
  const password = randomBytes(12).toString('hex')
  const auth = base64(`robot:${password}`)
  const sealed = Buffer.concat([Buffer.from([2, 0]), randomBytes(512 + 32)]).toString('base64')
  const values: Readonly<Record<string, string>> = {
    AUTH: auth,
    ENCODED: base64(`{"auths":{"quay.io":{"auth":"${auth}"}}}`),
    KEY: randomBytes(48).toString('base64'),
    PASSWORD: password,
    PASSWORD64: base64(password),
    SEALED: sealed,
    TOKEN: randomBytes(20).toString('hex'),
  }
  return text.replace(/@@(\w+)@@/g, (_, name: string) => values[name] ?? '')
}

const leaksIn = (kind: string): ReadonlyMap<string, readonly string[]> =>
  new Map(
    readdirSync(new URL(`${kind}/`, corpus)).map(path => {
      const text = filled(readFileSync(new URL(`${kind}/${path}`, corpus), 'utf8'))
      const found = scanFile({ path, text, isWatched: kind === 'clean' })
      const leaks = found.filter(one => isLeak(one, { failOnKnownSecrets: false }))
      return [path, leaks.map(({ line, code }) => `${line} ${code}`)] as const
    }),
  )

t.test('templates, nulls, prose and placeholders are no credentials', t => {
  const files = leaksIn('clean')
  for (const [path, leaks] of files) t.strictSame(leaks, [], path)
  t.end()
})

t.test('a credential beside them is found', t => {
  const files = leaksIn('leaks')
  for (const [path, leaks] of files) t.not(leaks.length, 0, path)
  t.end()
})
