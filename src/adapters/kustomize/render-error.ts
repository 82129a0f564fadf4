import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { entriesBelowEmpty, sayBelowEmpty } from '../../core/kustomization/entries-below-empty.ts'
import { kustomizationNames } from '../../core/kustomization/every-path.ts'
import { RefusedError, type ErrorCode } from '../../errors.ts'
import { withoutCredentials } from '../../core/without-credentials.ts'
import type { Ended } from './run-limited.ts'

/** The directory that was rendered: its name in the repository, its real path, and the repository's. */
export type Rendered = Readonly<{
  name: string
  directory: string
  root: string
  /** Seconds that it was given. */
  time: number
}>

/** Why a render gave nothing, as one short line: the file, the innermost reason and what to do. */
export const renderError = (ended: Ended, rendered: Rendered): RefusedError => {
  const { code, reason, fix } = judge(ended, rendered)
  return new RefusedError(code, `rendering ${rendered.name}: ${reason}`, { fix })
}

type Judgement = Readonly<{ code: ErrorCode; reason: string; fix: string }>

const judge = (ended: Ended, rendered: Rendered): Judgement => {
  const tooLarge = (reason: string): Judgement => ({
    code: 'RENDER_TOO_LARGE',
    reason,
    fix: 'look for aliases that multiply (`*name`), or split the directory into several',
  })
  if (ended.limit === 'time')
    return {
      code: 'RENDER_TIMEOUT',
      reason: `no result within ${Math.round(rendered.time * 10) / 10} seconds`,
      fix: 'keep what is fetched from elsewhere out of it, or split it: the time grows with the square of the objects',
    }
  if (ended.limit === 'output') return tooLarge('it gives more output than a render may have')
  // Go's last words, in upstream's panic.go and malloc.go.
  if (
    /^(?:fatal error|runtime): .*(?:out of memory|cannot allocate|cannot map)/m.test(ended.stderr)
  )
    return tooLarge('it takes more memory than a render may use')
  if (ended.exitCode === null && ended.stderr.trim() === '')
    return tooLarge('it was killed, as the system does when memory runs out')

  const said = saidIn(ended.stderr.slice(-mostRead))
  const { file, reason } = innermost(said, rendered.directory)
  const at = (text: string): string =>
    shorten(file === rendered.directory ? text : `${file}: ${text}`, { ...rendered, file })
  if (reason === 'kustomization.yaml is empty')
    return {
      code: 'RENDER_EMPTY_LIST',
      reason: at(reason),
      fix: 'write `resources: []` there if nothing is meant to be listed',
    }
  // See `noNetwork` in kustomize.ts.
  if (reason.includes('proxyconnect tcp: '))
    return {
      code: 'ENTRY_REMOTE',
      reason: at('it is fetched from elsewhere, and a render has no network'),
      fix: 'copy it into this repository',
    }
  if (reason.startsWith("no 'git' program on path: "))
    return {
      code: 'ENTRY_REMOTE',
      reason: at(reason),
      fix: 'copy it into this repository',
    }
  const [, disabled, missing] =
    /unable to load external plugin '([^']*)'$|Go object code at: \S*\/([^/]+)\.so$/.exec(reason) ??
    []
  const plugin = disabled ?? missing
  if (plugin !== undefined)
    return {
      code: 'RENDER_NEEDS_PLUGIN',
      reason: at(`it needs the plugin ${plugin}, which is not set up`),
      fix: 'set SOWER_KUSTOMIZE_PLUGIN_HOME to the directory with the plugin',
    }
  // With plugins kustomize would also run helm, which it does not find.
  if (/(?:^|: )must specify --enable-helm$|exec: "helm": executable file not found/.test(reason))
    return {
      code: 'RENDER_NEEDS_PLUGIN',
      reason: at('it needs Helm, which is not set up'),
      fix: 'set SOWER_KUSTOMIZE_HELM to the path of helm 3',
    }
  const below = /\byaml: /.test(reason) ? entriesBelowEmpty(kustomizationOf(file)) : null
  const plain = { reason, fix: 'run `kustomize build` there and fix what it reports' }
  const told = below ? sayBelowEmpty(below) : plain
  return { code: 'RENDER_FAILED', ...told, reason: at(told.reason) }
}

/** The text of the kustomization in a directory, or of that file itself; empty where it cannot be read. */
const kustomizationOf = (file: string): string => {
  for (const path of ['.', ...kustomizationNames].map(name => join(file, name)))
    try {
      return readFileSync(path, 'utf8')
    } catch {
      continue
    }
  return ''
}

/** Characters of stderr that are looked through for a message. */
const mostRead = 16_384

/** The message in stderr: `Error: ` of kustomize, `error: ` of kubectl, `err=` in a log line of Google's. */
const saidIn = (stderr: string): string => {
  const logged = /^[EF]\d{4} .*? err=(?:"((?:[^"\\]|\\.)*)"|<\n([^]*?)\n >)/m.exec(stderr)
  if (logged) return unquote(logged[1] ?? logged[2] ?? '').replace(/^\t/gm, '')
  const plain = /^[Ee]rror: ([^]*)/m.exec(stderr)?.[1]
  const lines = (plain ?? stderr).split('\n').filter(line => !/^(?:#|[IW]\d{4} )/.test(line))
  return lines.join('\n').trim() || 'no reason given'
}

const unquote = (text: string): string =>
  text.replace(/\\(.)/g, (_, letter: string) => ({ n: '\n', t: '\t' })[letter] ?? letter)

/**
 * One layer of an error: kusttarget.go wraps what it got in the name of the resource, and tells what came
 * of reading it as a file and then as a directory. Groups: `file` or `directory`, `rest`, `quoted`.
 */
const layers: readonly RegExp[] = [
  /^accumulating (?:resources|components): (?<rest>[^]*)$/,
  /^accumulation err='accumulating resources from '[^]*?': '(?<directory>[^']*)' must resolve to a file': (?<rest>[^]*)$/,
  /^accumulation err='(?:accumulating|merging) resources from '(?<file>[^]*?)': [^]*?': (?<rest>no 'git' program [^]*)$/,
  /^accumulation err='(?:accumulating|merging) resources from '(?<file>[^]*?)': (?<rest>[^]*?)': (?:must build at|new root|cycle detected)[^]*$/,
  /^(?:accumulating|merging) resources from '(?<file>[^]*?)': (?<rest>[^]*)$/,
  /^(?:accumulateDirectory:|loader\.New) "(?<quoted>[^]*)"$/,
  /^(?:couldn't make target for|recursed (?:accumulation of|merging from)) path '(?<directory>[^']*)': (?<rest>[^]*)$/,
  /^trouble configuring builtin \w+ with config: `[^]*?`: (?<rest>[^]*)$/,
  /^MalformedYAMLError: (?<rest>[^]*) in File: [^]*$/,
  /^must build at directory: (?:not a valid directory: )?(?<rest>[^]*)$/,
  /^evalsymlink failure on '(?<file>[^']*)' : lstat [^:]*: (?<rest>[^]*)$/,
  /^'(?<file>\/[^']*)': (?<rest>[^]*)$/,
]

/** The innermost reason, and the file or directory that has it: an absolute path, or a URL. */
const innermost = (said: string, directory: string): Readonly<{ file: string; reason: string }> => {
  let [at, file, reason] = [directory, directory, said]
  for (;;) {
    const found = layers.map(layer => layer.exec(reason)?.groups).find(groups => groups)
    if (!found) return { file, reason }
    if (found['directory'] !== undefined) file = at = found['directory']
    if (found['file'] !== undefined)
      file = found['file'].includes('://') ? found['file'] : resolve(at, found['file'])
    reason = found['rest'] ?? unquote(found['quoted'] ?? '')
  }
}

const resolve = (directory: string, path: string): string =>
  path.startsWith('/') ? path : join(directory, path)

/** kustomize quotes what it cannot take, values of a secretGenerator and of patches among it, and credentials in URLs. */
const withoutValues = (text: string): string =>
  withoutCredentials(text)
    .replace(
      /unable to parse SM or JSON patch from \[[^]*/,
      'a patch is neither a merge nor a JSON patch',
    )
    .replace(
      /(?:file sources: \[|missing key name for file path|key names or file paths)[^]*=[^]*/,
      'a file is not [key=]path, or is not there',
    )
    .replace(/(is out of bounds) for value [^]*/, '$1')
    .replace(/literal sources \[[^]*/, 'a literal is not key=value')
    .replace(/line \[[\d ]*\] has invalid utf8 bytes[^]*/, 'a line is not UTF-8')

const longest = 600

/** On one line, with paths as seen from the rendered directory, without addresses of memory. */
const shorten = (
  text: string,
  { directory, root, file }: Rendered & Readonly<{ file: string }>,
): string => {
  const ours = [root, file].map(path => path.replace(/[^\w/-]/g, '\\$&')).join('|')
  const paths = new RegExp(`(?<![\\w/])(?:${ours})(?:/[^\\s'":;,)]*|(?![\\w.-]))`, 'g')
  const line = withoutValues(text)
    .replace(paths, path => (path.startsWith('/') ? relative(directory, path) || '.' : path))
    .replace(/(?<![^\s'"=])[^\s'"=]*\/sower-render-\w+/g, '$$TMPDIR')
    .replace(/no 'git' program on path: .*/, 'it is fetched with git, which a render has not')
    .replace(/ ?&\{0x[^}]*\}/g, '')
    .replace(/resid\.ResId\{.*?Kind:"(\w*)".*?Name:"([^"]*)".*?\}/g, '$1/$2')
    .replace(/evalsymlink failure on '([^']*)' : lstat [^:]*: /g, '$1: ')
    .replace(/\s*\n\s*/g, ' ')
    .trim()
  return line.length <= longest
    ? line
    : `${line.slice(0, longest / 2)} ... ${line.slice(-longest / 2)}`
}
