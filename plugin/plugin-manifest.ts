import { stringify } from 'yaml'
import { z } from 'zod'
import { readYaml } from '../src/core/yaml/read-yaml.ts'
import { InputError } from '../src/errors.ts'
import { parameters } from './warn-only-from.ts'

const apiVersion = 'argoproj.io/v1alpha1'
const kind = 'ConfigManagementPlugin'

/** The plugin manifest that Argo CD's CMP server reads, as YAML. No `discover`: an Application names the plugin. */
export const pluginManifest = (): string =>
  stringify(
    {
      apiVersion,
      kind,
      metadata: { name: 'sower' },
      spec: {
        // Argo CD shows all of it in front of a reason.
        generate: { command: ['sower', 'generate', '.'] },
        parameters: {
          static: parameters.map(({ name, title, tooltip, standard }) => ({
            name,
            title,
            tooltip,
            string: standard,
          })),
        },
      },
    },
    { lineWidth: 0, singleQuote: true },
  )

const text = z.string()
const command = z.strictObject({
  command: z.array(text.min(1)).min(1),
  args: z.array(text).optional(),
})
const collectionType = z.enum(['string', 'array', 'map'])

/** A default value is a hint for the user interface, in the field that the collection type names. */
const announcement = z
  .strictObject({
    name: text.min(1),
    title: text.optional(),
    tooltip: text.optional(),
    required: z.boolean().optional(),
    itemType: text.optional(),
    collectionType: collectionType.optional(),
    string: text.optional(),
    array: z.array(text).optional(),
    map: z.record(text, text).optional(),
  })
  .superRefine((parameter, context) => {
    const expected = parameter.collectionType ?? 'string'
    for (const field of collectionType.options)
      if (parameter[field] !== undefined && field !== expected)
        context.addIssue({
          code: 'custom',
          path: [field],
          message: `the collection type is ${expected}`,
        })
  })

/** The directory of the sockets, and 107 characters for all of a path, leave that many. */
const longestName = 70
const nameForm = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/

/** cmpserver/plugin/config.go of Argo CD, without what it ignores. */
const manifest = z
  .strictObject({
    apiVersion: z.literal(apiVersion),
    kind: z.literal(kind),
    metadata: z.strictObject({
      name: text.regex(nameForm),
      labels: z.record(text, text).optional(),
      annotations: z.record(text, text).optional(),
    }),
    spec: z.strictObject({
      version: text
        .regex(/^[A-Za-z0-9][-A-Za-z0-9._]*$/)
        .or(z.literal(''))
        .optional(),
      init: command.optional(),
      generate: command,
      discover: z.never().optional(),
      parameters: z
        .strictObject({ static: z.array(announcement).optional(), dynamic: command.optional() })
        .optional(),
      preserveFileMode: z.boolean().optional(),
      provideGitCreds: z.boolean().optional(),
    }),
  })
  .superRefine(({ metadata, spec }, context) => {
    const name = spec.version ? `${metadata.name}-${spec.version}` : metadata.name
    if (name.length > longestName)
      context.addIssue({ code: 'custom', path: ['metadata', 'name'], message: 'it is too long' })
  })

type Advice = Readonly<{ reason: string; fix: string }>

const obsolete: Advice = {
  reason: 'Argo CD ignores this key: each request has its own copy of the repository',
  fix: 'remove it',
}

const noCommand: Advice = {
  reason: 'without a command, nothing renders',
  fix: 'write `generate: {command: [sower, generate, .]}`',
}

/** By key path; `*` stands for a position in a list. */
const advice: Readonly<Record<string, Advice>> = {
  apiVersion: { reason: `it is not ${apiVersion}`, fix: `write \`apiVersion: ${apiVersion}\`` },
  kind: { reason: `it is not ${kind}`, fix: `write \`kind: ${kind}\`` },
  'metadata.name': {
    reason: 'it cannot be the name of a socket file, which is how Argo CD finds a plugin',
    fix: `write at most ${longestName} small letters, digits, \`-\` and \`.\`, with the version if there is one`,
  },
  'spec.version': {
    reason: 'it cannot be part of the name of a socket file',
    fix: 'write letters, digits, `-`, `.` and `_`, or leave it out',
  },
  'spec.allowConcurrency': obsolete,
  'spec.lockRepo': obsolete,
  'spec.discover': {
    reason:
      'with it Argo CD sends each repository to the plugin to ask whether it fits, and an Application may get the plugin without naming it',
    fix: 'remove it, and name the plugin in each Application: `plugin: {name: sower}`',
  },
  'spec.generate': noCommand,
  'spec.generate.command': noCommand,
  'spec.parameters.static.*.collectionType': {
    reason: 'there is no such collection type',
    fix: `write one of ${collectionType.options.join(', ')}`,
  },
}

/**
 * Refuses what Argo CD would take in silence: it ignores unknown keys, and reads the file only when it starts.
 * Throws InputError PLUGIN_MANIFEST_INVALID for the first mistake, with file, key path and fix.
 */
export const validatePluginManifest = (content: string, file = 'plugin.yaml'): void => {
  const refuse = (reason: string, fix: string): InputError =>
    new InputError('PLUGIN_MANIFEST_INVALID', `reading ${file}: ${reason}`, { fix })
  const value = readYaml(content, reason => refuse(reason, 'correct the YAML'))
  const issues = manifest.safeParse(value).error?.issues ?? []
  // Where a key is spelt wrongly, the right one is missing, too.
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]
  if (!issue) return
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
  const path = [...issue.path.map(String), ...unknown]
  const known = advice[path.map(part => (/^\d+$/.test(part) ? '*' : part)).join('.')]
  const reason = known?.reason ?? (unknown.length > 0 ? ignored : issue.message)
  throw refuse(
    `${path.join('.') || 'the file'}: ${reason}`,
    known?.fix ?? (unknown.length > 0 ? 'correct its spelling, or remove it' : seeDocumentation),
  )
}

const ignored = 'Argo CD would ignore this key without a word'
const seeDocumentation = 'see docs/plugin.md, and plugin/plugin.yaml for one that is right'
