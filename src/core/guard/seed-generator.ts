import posix from 'node:path/posix'
import { clusterAnnotation, seedGeneratorProblem } from '../seedgen/manifests.ts'
import { seedGenerators } from './cluster-instances.ts'
import type { Guard, Scene, Violation } from './guard.ts'
import type { RenderedObject } from './rendered-object.ts'

/** The Lifecycle Agent reads a SeedGenerator once, and whatever is wrong with it ends the generation. */
export const seedGenerator: Guard = {
  rule: 'seed-generator',
  refuses: `a SeedGenerator that is not called \`seedimage\`, has no valid \`seedImage\` with a tag, is not alone in its render, or whose annotation \`${clusterAnnotation}\` is not its folder \`seeds/<cluster>\``,
  because:
    'the Lifecycle Agent takes the cluster down before it finds out, and a SeedGenerator for another cluster destroys the wrong one',
  isAlways: false,
  judge: scene => {
    const generators = seedGenerators(scene.objects)
    if (generators.length === 0) return 'not applicable'
    return generators.flatMap(generator => [
      ...problemOf(generator, scene),
      ...companionsOf(generator, scene),
    ])
  },
}

const problemOf = (
  generator: RenderedObject,
  { path, settings: { directory } }: Scene,
): readonly Violation[] => {
  const refuse = (reason: string): readonly Violation[] => [
    { objects: [generator], reason, fix: `let Sower write ${directory}/<cluster>` },
  ]
  const cluster = posix.basename(path)
  if (posix.dirname(path) !== directory)
    return refuse(`it is rendered from ${path}, and its place is ${directory}/<cluster>`)
  const problem = seedGeneratorProblem(generator.value(), cluster)
  return problem === null ? [] : refuse(problem)
}

const companionsOf = (generator: RenderedObject, { objects }: Scene): readonly Violation[] => {
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
