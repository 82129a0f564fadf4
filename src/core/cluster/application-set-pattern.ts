import posix from 'node:path/posix'
import { z } from 'zod'
import { documentsIn } from '../yaml/documents-in.ts'

const paths = z.array(z.looseObject({ path: z.string(), exclude: z.boolean().default(false) }))
const gitGenerator = z.looseObject({
  git: z.looseObject({ directories: paths.default([]), files: paths.default([]) }).optional(),
})
// A matrix or merge generator holds others.
const nested = z.looseObject({ generators: z.array(gitGenerator) }).optional()
const applicationSet = z.looseObject({
  apiVersion: z.string().startsWith('argoproj.io/'),
  kind: z.literal('ApplicationSet'),
  spec: z.looseObject({
    generators: z.array(gitGenerator.extend({ matrix: nested, merge: nested })),
  }),
})

/** The pattern by which an ApplicationSet of a text makes an Application of a file's folder, if one does. */
export const applicationSetPattern = (text: string, file: string): string | undefined => {
  const git = documentsIn(text)
    .flatMap(document => {
      const parsed = applicationSet.safeParse(document)
      return parsed.success ? parsed.data.spec.generators : []
    })
    .flatMap(generator => [
      generator,
      ...(generator.matrix?.generators ?? []),
      ...(generator.merge?.generators ?? []),
    ])
    .flatMap(generator => generator.git ?? [])
  for (const { directories, files } of git)
    for (const folder of foldersOf(file)) {
      const matching = directories.filter(({ path }) => matchesGlob(path, folder))
      const [first] = matching
      if (first && !matching.some(({ exclude }) => exclude)) return first.path
      const other = files.find(({ path }) => matchesGlob(posix.dirname(path), folder))
      if (other) return other.path
    }
  return undefined
}

/** The directory of a file and those above it, but for the repository's root. */
const foldersOf = (file: string): readonly string[] => {
  const parts = posix.dirname(file).split('/')
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('/'))
}

/**
 * True if a path matches a pattern: `?` and `*` stay within a name, `**` does not. All ways are followed at
 * once, so that no pattern takes long.
 */
const matchesGlob = (pattern: string, path: string): boolean => {
  const plain = pattern.replace(/^\.\//, '').replace(/\/$/, '')
  const parts = Array.from(plain.matchAll(/\*\*\/?|[^]/g), ([part]) => part)
  const isStar = (at: number): boolean => parts[at]?.startsWith('*') ?? false
  const withSkipped = (positions: Iterable<number>): Set<number> => {
    const all = new Set(positions)
    // A set is iterated over what is added to it meanwhile too.
    for (const at of all) if (isStar(at)) all.add(at + 1)
    return all
  }
  let positions = withSkipped([0])
  for (const character of path)
    positions = withSkipped(
      [...positions].flatMap(at => {
        const part = parts[at]
        if (part?.startsWith('**')) return [at]
        if (part === character) return [at + 1]
        if (character === '/') return []
        return part === '*' ? [at] : part === '?' ? [at + 1] : []
      }),
    )
  return positions.has(parts.length)
}
