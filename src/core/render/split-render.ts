/** The documents of a render: `---` in the first column cannot stand inside kustomize's block scalars. */
export const splitRender = (render: string): readonly string[] =>
  render.split(/^---$\n?/m).filter(document => document.trim() !== '')
