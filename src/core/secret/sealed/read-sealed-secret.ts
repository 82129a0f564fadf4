import { z } from 'zod'
import { readYaml } from '../../yaml/read-yaml.ts'
import { mistake, type Finding } from '../../finding.ts'
import { scopeOf, type SealTarget } from './scope.ts'
import { names } from '../../names.ts'
import { digestOf, noteNames } from './sealed-secret-manifest.ts'

const texts = z.record(z.string(), z.string())
const metadata = z.looseObject({
  name: z.string().optional(),
  namespace: z.string().optional(),
  annotations: texts.nullish(),
})
const header = z.looseObject({ apiVersion: z.string(), kind: z.string() })
const document = z.looseObject({
  metadata: metadata.extend({ name: z.string() }),
  spec: z.looseObject({
    encryptedData: z.record(z.string(), z.unknown()).nullish(),
    data: z.unknown().optional(),
    template: z
      .looseObject({ metadata: metadata.nullish(), data: z.unknown().optional() })
      .nullish(),
  }),
})

/** The notes on a SealedSecret. They say something only while the digest shows that they are of this value. */
export type ReadNotes = Readonly<Partial<Record<keyof typeof noteNames, string>>>

/** A SealedSecret as a document says it is. */
export type ReadSealedSecret = Readonly<{
  target: SealTarget
  /** As the template says, where it says anything. */
  template: Readonly<{ name?: string; namespace?: string; scope: SealTarget['scope'] }>
  annotations: Readonly<Record<string, string>>
  templateAnnotations: Readonly<Record<string, string>>
  items: readonly string[]
  /** The value of `seedAuth`; null where it is missing or no text. */
  sealed: string | null
  notes: ReadNotes
  /** The digest note is that of the value. */
  isIntact: boolean
  hasTemplateData: boolean
  hasV1Data: boolean
}>

const seal = 'write it with `sower seal`'

/** Reads a SealedSecret from YAML or JSON, or finds what it is instead. */
export const readSealedSecret = (text: string): ReadSealedSecret | Finding => {
  const unreadable = (reason: string): Finding => mistake('SEALED_UNREADABLE', reason, seal)
  let value: unknown
  try {
    value = readYaml(text, reason => new Error(reason))
  } catch {
    return unreadable('it is not one correct YAML document')
  }
  const { data: head } = header.safeParse(value)
  if (head?.kind === 'Secret')
    return mistake(
      'SEALED_PLAIN_SECRET',
      'it is a plain Secret, readable by everyone who reads this file',
      'revoke the credential first if the file was ever pushed, then seal a new one',
    )
  if (head?.kind !== 'SealedSecret' || head.apiVersion !== 'bitnami.com/v1alpha1')
    return unreadable('it is not a SealedSecret of bitnami.com/v1alpha1')
  const parsed = document.safeParse(value)
  return parsed.success
    ? fromDocument(parsed.data)
    : unreadable('a field of it has a type that the API server does not take')
}

const fromDocument = ({ metadata, spec }: z.infer<typeof document>): ReadSealedSecret => {
  const annotations = metadata.annotations ?? {}
  const template = spec.template?.metadata
  const templateAnnotations = template?.annotations ?? {}
  const encrypted = spec.encryptedData ?? {}
  const value = encrypted[names.authKey]
  const sealed = typeof value === 'string' ? value : null
  const notes: ReadNotes = Object.fromEntries(
    Object.entries(noteNames).flatMap(([note, name]) => {
      const noted = annotations[name]
      return noted === undefined ? [] : [[note, noted]]
    }),
  )
  return {
    target: {
      scope: scopeOf(annotations),
      namespace: metadata.namespace ?? 'default',
      name: metadata.name,
    },
    template: {
      ...(template?.name === undefined ? {} : { name: template.name }),
      ...(template?.namespace === undefined ? {} : { namespace: template.namespace }),
      scope: scopeOf(templateAnnotations),
    },
    annotations,
    templateAnnotations,
    items: Object.keys(encrypted),
    sealed,
    notes,
    isIntact: sealed !== null && notes.ciphertextSha256 === digestOf(sealed),
    hasTemplateData: !isNothing(spec.template?.data),
    hasV1Data: !isNothing(spec.data),
  }
}

const isNothing = (value: unknown): boolean =>
  value === undefined || value === null || JSON.stringify(value) === '{}'
