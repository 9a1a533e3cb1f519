/** esbuild puts the bytes of such a file into the bundle (loader `binary`). */
declare module "*.bin" {
  const bytes: Uint8Array;

  export { bytes as default };
}
