import t from 'tap'
import { checkNotes } from '../../../../src/core/secret/sealed/check-notes.ts'
import type { ReadSealedSecret } from '../../../../src/core/secret/sealed/read-sealed-secret.ts'
import { parseImageReference } from '../../../../src/core/seedgen/image-reference.ts'

const now = '2026-11-22T10:00:00.000Z'
const image = parseImageReference('quay.io/org/seed:4.18')
const good = { registryKey: 'quay.io/org', sealedAt: '2026-11-20T10:00:00.000Z' }
const said = (notes: ReadSealedSecret['notes'], isIntact = true, of: typeof image | null = image) =>
  checkNotes(
    {
      ...{ notes, isIntact, target: { scope: 'strict', namespace: 'a', name: 'b' } },
      ...{ template: { scope: 'strict' }, annotations: {}, templateAnnotations: {}, items: [] },
      ...{ sealed: null, hasTemplateData: false, hasV1Data: false },
    },
    { now, image: of, key: null, place: null },
  ).map(({ level, code, reason }) => `${level} ${code}: ${reason}`)

t.test('believes the notes of a SealedSecret only where they belong to its value', t => {
  t.strictSame(said(good), [
    'ok SEALED_PROVENANCE: its notes belong to this value',
    'ok SEALED_COVERS: its entry quay.io/org covers quay.io/org/seed',
    'ok SEALED_AGE: sealed 2 days ago',
    'ok SEALED_EXPIRY: no end of the credential is known',
  ])
  t.strictSame(said(good, false), [
    'warn SEALED_PROVENANCE: unknown provenance: it carries no notes of `sower seal`',
  ])
  t.strictSame(said({ ...good, ciphertextSha256: 'a' }, false), [
    'warn SEALED_PROVENANCE: unknown provenance: its notes are those of another value',
  ])
  t.end()
})

t.test('says of the notes what it covers, how old it is and when it ends', t => {
  for (const [notes, finding] of [
    [
      { registryKey: 'ghcr.io' },
      'bad SEALED_COVERS: its entry ghcr.io does not cover quay.io/org/seed',
    ],
    [
      { registryKey: undefined },
      'warn SEALED_COVERS: no note says whether it covers quay.io/org/seed',
    ],
    [{ sealedAt: undefined }, 'warn SEALED_AGE: no note says rightly when it was sealed'],
    [{ sealedAt: 'yesterday' }, 'warn SEALED_AGE: no note says rightly when it was sealed'],
    [
      { sealedAt: '2026-11-24T10:00:00.000Z' },
      'warn SEALED_AGE: no note says rightly when it was sealed',
    ],
    [{ sealedAt: '2026-11-23T09:00:00.000Z' }, 'ok SEALED_AGE: sealed 0 days ago'],
    [{ sealedAt: '2026-08-24T10:00:00.000Z' }, 'ok SEALED_AGE: sealed 90 days ago'],
    [
      { sealedAt: '2026-08-24T09:59:59.000Z' },
      'warn SEALED_AGE: rotation is due: it was sealed 90 days ago',
    ],
    [{ expiresAt: now }, 'bad SEALED_EXPIRY: the credential has expired, as its note says'],
    [{ expiresAt: 'never' }, 'bad SEALED_EXPIRY: the credential has expired, as its note says'],
    [
      { expiresAt: '2026-11-29T09:59:59.000Z' },
      'warn SEALED_EXPIRY: the credential ends on 2026-11-29T09:59:59.000Z',
    ],
    [
      { expiresAt: '2026-11-29T10:00:00Z' },
      'ok SEALED_EXPIRY: the credential ends on 2026-11-29T10:00:00.000Z',
    ],
  ] as const)
    t.ok(said({ ...good, ...notes } as typeof good).includes(finding), finding)
  t.notMatch(said(good, true, null).join(' '), /SEALED_COVERS/, 'of no image')
  t.end()
})
