import posix from 'node:path/posix'
import { names } from '../names.ts'
import { seedGenerators } from '../render/clusters-rendered.ts'
import type { Guard, Violation } from './guard.ts'
import type { RenderedObject } from '../render/rendered-object.ts'

/** The Lifecycle Agent reads a SeedGenerator once, and whatever is wrong with it ends the generation. */
export const seedGenerator: Guard = {
  rule: 'seed-generator',
  refuses: `a SeedGenerator that is not called \`seedimage\`, has no valid \`seedImage\` with a tag, is not alone in its render, or whose annotation \`${names.clusterAnnotation}\` is not its folder \`seeds/<cluster>\``,
  because:
    'the Lifecycle Agent takes the cluster down before it finds out, and a SeedGenerator for another cluster destroys the wrong one',
  isAlways: false,
  judge: async ({ objects, path, settings: { directory } }) => {
    const generators = seedGenerators(objects)
    if (generators.length === 0) return 'not applicable'
    const { seedGeneratorProblem } = await import('../seedgen/seed-generator-manifest.ts')
    const problemOf = (generator: RenderedObject): string | null =>
      posix.dirname(path) === directory
        ? seedGeneratorProblem(generator.value(), posix.basename(path))
        : `it is rendered from ${path}, and its place is ${directory}/<cluster>`
    return generators.flatMap(generator => {
      const reason = problemOf(generator)
      const fix = `let Sower write ${directory}/<cluster>`
      return [
        ...(reason === null ? [] : [{ objects: [generator], reason, fix }]),
        ...companionsOf(generator, objects),
      ]
    })
  },
}

const companionsOf = (
  generator: RenderedObject,
  objects: readonly RenderedObject[],
): readonly Violation[] => {
  const other = objects.find(object => object !== generator)
  if (!other) return []
  return [
    {
      objects: [generator],
      reason: `${other.kind} ${other.name()} stands beside it, and a SeedGenerator goes to the seed alone`,
      fix: 'render what else there is from another directory',
    },
  ]
}
