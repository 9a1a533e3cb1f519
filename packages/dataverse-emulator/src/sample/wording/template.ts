/**
 * The text with `{name}` replaced by what stands under that name; what is put in is not looked at again.
 *
 * @throws RangeError for a gap that nothing fills
 */
export const fill = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replace(/\{(\w+)\}/g, (_gap, name: string) => {
    const value = values[name];
    if (value === undefined) throw new RangeError(`Nothing fills {${name}} of "${template}".`);
    return value;
  });
