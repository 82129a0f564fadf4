import { conditionStatus } from '../preflight/field.ts'

type Found = Readonly<{ metadata: Readonly<{ name: string; namespace?: string | undefined }> }>

/**
 * Names the ImageBasedGroupUpgrades, `namespace/name`, that are under way: all whose condition `Progressing` does not say
 * `False`. One that has no conditions yet was only just created.
 */
export const groupUpgradesUnderWay = (upgrades: readonly Found[]): readonly string[] =>
  upgrades
    .filter(upgrade => conditionStatus(upgrade, 'Progressing') !== 'False')
    .map(({ metadata: { namespace = '', name } }) => `${namespace}/${name}`)
