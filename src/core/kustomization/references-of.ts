import { documentsIn } from '../yaml/documents-in.ts'
import { fieldsOf as entriesOf } from '../yaml/fields-of.ts'
import { foldCase } from '../yaml/fold-case.ts'
import type { Kustomization } from './parse-kustomization.ts'

/** The kinds of thing that a field names. kustomize's types: api/types/*.go and the builtin plugins' own fields. */
type Kind =
  /** A file that is loaded. */
  | 'file'
  /** The same, maybe as `key=path`. */
  | 'keyed file'
  /** The same, or YAML in place of a path. */
  | 'file or YAML'
  /** A place that need not be there. */
  | 'place'
  /** A word on helm's command line. */
  | 'word'
  /** A host that helm asks. */
  | 'host'
  /** A place from which helm runs programs. */
  | 'programs'

/** The fields of patches, generators and plugin configurations; Go's JSON knows names in any case. */
const kinds: ReadonlyMap<string, Kind> = new Map([
  ['path', 'file'],
  ['paths', 'file or YAML'],
  ['files', 'keyed file'],
  ['env', 'file'],
  ['envs', 'file'],
  ['targetfilepath', 'file'],
  ['values', 'file'],
  ['valuesfile', 'file'],
  ['additionalvaluesfiles', 'file'],
  ['charthome', 'place'],
  ['name', 'word'],
  ['chartname', 'word'],
  ['releasename', 'word'],
  ['repo', 'host'],
  ['chartrepourl', 'host'],
  ['confighome', 'programs'],
  ['helmhome', 'programs'],
])

/** The fields of a kustomization that are lists of paths. */
const pathLists: ReadonlyMap<string, Kind> = new Map([
  ['configurations', 'file'],
  ['crds', 'file'],
  ['patchesstrategicmerge', 'file or YAML'],
  ['transformers', 'file or YAML'],
  ['validators', 'file or YAML'],
])

/** The fields of a kustomization that hold fields of `kinds`. */
const sections = [
  'patches',
  'patchesjson6902',
  'replacements',
  'configmapgenerator',
  'secretgenerator',
  'helmcharts',
  'helmchartinflationgenerator',
  'helmglobals',
  'openapi',
]

const pluginLists = ['generators', 'transformers', 'validators']

/** A path, as it is written, and the field that it stands in. */
export type Reference = Readonly<{ field: string; kind: Kind; value: string }>

type Named = Readonly<{ name: string; value: unknown }>

/** A field; `key` is its name as foldCase gives it. */
type Field = Named & Readonly<{ key: string }>

const fieldsOf = (value: unknown): readonly Field[] =>
  [...entriesOf(value)].map(([name, field]) => ({ key: foldCase(name), name, value: field }))

/** A value, or each item of it if it is a list, with how it is called. */
const itemsOf = ({ name, value }: Named): readonly Named[] =>
  Array.isArray(value)
    ? value.map((item: unknown, index) => ({ name: `${name}[${index}]`, value: item }))
    : [{ name, value }]

const referencesIn = (field: Field, kind: Kind): readonly Reference[] =>
  itemsOf(field).flatMap(({ name, value }) =>
    typeof value === 'string' && value !== '' ? [{ field: name, kind, value }] : [],
  )

/** The entries of the lists of plugins. */
export const pluginsOf = ({ fields }: Kustomization): readonly Reference[] =>
  fieldsOf(fields)
    .filter(({ key }) => pluginLists.includes(key))
    .flatMap(field => referencesIn(field, 'file or YAML'))

/** The references of a kustomization beside resources, components and generators. */
export const referencesOf = ({ fields }: Kustomization): readonly Reference[] =>
  fieldsOf(fields).flatMap(field => {
    const kind = pathLists.get(field.key)
    if (kind !== undefined) return referencesIn(field, kind)
    return sections.includes(field.key) ? itemsOf(field).flatMap(configured) : []
  })

/** The references of a patch, a generator or the like, or of a plugin's configuration. */
const configured = ({ name: of, value: configuration }: Named): readonly Reference[] =>
  fieldsOf(configuration).flatMap(({ key, name, value }) => {
    const field = { key, name: of === '' ? name : `${of}.${name}`, value }
    const kind = kinds.get(key)
    if (kind !== undefined) return referencesIn(field, kind)
    return key === 'replacements' ? itemsOf(field).flatMap(configured) : []
  })

/** The references in the configurations of builtin plugins in a text; `name` is how the text is called. */
export const pluginReferences = (text: string, name: string): readonly Reference[] =>
  documentsIn(text)
    .filter(document =>
      fieldsOf(document).some(field => field.name === 'apiVersion' && field.value === 'builtin'),
    )
    .flatMap(value => configured({ name, value }))
