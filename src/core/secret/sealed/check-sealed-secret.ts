import { authfileLimit } from '../authfile/read-authfile.ts'
import { fine, mistake, warning, type Finding } from '../../finding.ts'
import { checkNotes, type Expectations } from './check-notes.ts'
import { readSealedSecret, type ReadSealedSecret } from './read-sealed-secret.ts'
import { describeTarget } from './scope.ts'
import { isExcluded, type SealingKey } from './sealing-key.ts'
import { names } from '../../names.ts'
import { isKeySize, splitSealed, type SealedParts } from './split-sealed.ts'

/** The offline findings about a SealedSecret; `read` is null when the text is none. */
export type CheckedSealedSecret = Readonly<{
  read: ReadSealedSecret | null
  findings: readonly Finding[]
}>

/** Tells everything about a SealedSecret that can be told without a private key and without a cluster. */
export const checkSealedSecret = (
  text: string,
  expectations: Expectations,
): CheckedSealedSecret => {
  const read = readSealedSecret(text)
  if ('code' in read) return { read: null, findings: [read] }
  return {
    read,
    findings: [
      ...checkTarget(read, expectations),
      ...checkPlainPlaces(read),
      ...checkItems(read),
      ...checkValue(read, expectations),
      ...checkNotes(read, expectations),
    ],
  }
}

const sealAgain = 'seal it again with `sower seal`'

const checkTarget = (
  { target, template, annotations, templateAnnotations }: ReadSealedSecret,
  { place }: Expectations,
): readonly Finding[] => {
  const here = describeTarget(target)
  const there = describeTarget({ ...target, ...template })
  const expected = place && describeTarget({ scope: target.scope, ...place })
  const ignored = Object.entries({ ...annotations, ...templateAnnotations }).find(
    ([name, value]) =>
      /^sealedsecrets\.bitnami\.com\/(?:cluster|namespace)-wide$/.test(name) && value !== 'true',
  )
  return [
    here !== there
      ? mistake('SEALED_TARGET', `it is for ${here}, but its template for ${there}`, sealAgain)
      : expected !== null && here !== expected
        ? mistake(
            'SEALED_TARGET',
            `it is for ${here}, but sower.yaml expects ${expected}`,
            'seal it for that namespace and name, or correct `secret` in sower.yaml',
          )
        : fine('SEALED_TARGET', `for ${here}`),
    ...(target.scope === 'strict'
      ? []
      : [
          warning(
            'SEALED_SCOPE',
            `whoever may create a SealedSecret ${target.scope === 'cluster-wide' ? 'anywhere on the hub' : `in ${target.namespace}`} can have it unsealed under another name`,
            'seal it with the scope strict',
          ),
        ]),
    ...(ignored
      ? [
          warning(
            'SEALED_SCOPE',
            `its annotation ${ignored[0]} counts only with the value "true"`,
            'remove it, or seal again with that scope',
          ),
        ]
      : []),
  ]
}

/** Where a SealedSecret can hold a value in the clear, or one that is not checked here. */
const checkPlainPlaces = ({
  hasTemplateData,
  hasV1Data,
  annotations,
  templateAnnotations,
}: ReadSealedSecret): readonly Finding[] => {
  const applied = 'kubectl.kubernetes.io/last-applied-configuration'
  return [
    ...(hasTemplateData
      ? [
          mistake(
            'SEALED_TEMPLATE_DATA',
            '`spec.template.data` is plain text that everyone can read',
            'revoke what it holds if it was pushed; leave `encryptedData` only',
          ),
        ]
      : []),
    ...(hasV1Data
      ? [mistake('SEALED_V1_DATA', '`spec.data` is the format of before 2018', sealAgain)]
      : []),
    ...(applied in annotations || applied in templateAnnotations
      ? [
          mistake(
            'SEALED_LAST_APPLIED',
            `the annotation ${applied} may hold the plain Secret`,
            'revoke the credential if it does and was pushed; remove the annotation',
          ),
        ]
      : []),
  ]
}

const checkItems = ({ items }: ReadSealedSecret): readonly Finding[] =>
  items.length === 1 && items[0] === names.authKey
    ? [fine('SEALED_ITEMS', `holds ${names.authKey} alone`)]
    : [
        mistake(
          'SEALED_ITEMS',
          items.includes(names.authKey)
            ? `it holds ${items.length} items, where ${names.authKey} alone is expected`
            : `it does not hold ${names.authKey}, which the Lifecycle Agent reads`,
          sealAgain,
        ),
      ]

const checkValue = (read: ReadSealedSecret, { key }: Expectations): readonly Finding[] => {
  if (!read.items.includes(names.authKey)) return []
  const parts = read.sealed === null ? null : splitSealed(read.sealed)
  if (!parts || !isKeySize(parts.wrapped.length))
    return [
      mistake(
        'SEALED_NOT_CIPHERTEXT',
        `${names.authKey} is not a sealed value: it may be a credential in plain base64`,
        'revoke the credential if that is so and it was pushed; seal a new one',
      ),
    ]
  return [checkLength(parts), checkKey(read, { key, parts })]
}

const checkLength = ({ plainLength }: SealedParts): Finding =>
  plainLength < 2 || plainLength > authfileLimit
    ? mistake('SEALED_LENGTH', `it seals ${plainLength} bytes, which is not an authfile`, sealAgain)
    : fine('SEALED_LENGTH', `seals ${plainLength} bytes`)

const checkKey = (
  { notes, isIntact }: ReadSealedSecret,
  { key, parts }: Readonly<{ key: SealingKey | null; parts: SealedParts }>,
): Finding => {
  const noted = isIntact ? notes.keyFingerprint : undefined
  const ask = 'compare with `--cert` or `--kubeconfig`'
  if (!key)
    return noted === undefined
      ? warning('SEALED_KEY', 'it is not known with which key it is sealed', ask)
      : fine('SEALED_KEY', `sealed with the key ${noted}, as its note says`)
  const isOther = isExcluded(key.publicKey, parts.wrapped)
  if (isOther && noted === key.fingerprint)
    return mistake(
      'SEALED_KEY',
      `its note says ${noted}, but that key cannot have sealed it`,
      sealAgain,
    )
  if (isOther || (noted !== undefined && noted !== key.fingerprint))
    return warning(
      'SEALED_KEY',
      `it is sealed with another key than ${key.fingerprint}; the controller opens it while it keeps that key`,
      'seal it again with the current certificate when the value is at hand',
    )
  return noted === undefined
    ? warning(
        'SEALED_KEY',
        `it may be sealed with ${key.fingerprint} or any other key of that size`,
        'seal it again with `sower seal`, which notes the key',
      )
    : fine('SEALED_KEY', `sealed with the current key ${noted}`)
}
