/** What page.spec.ts counts in the page. */
interface Window {
  counted: {
    adapters: number;
    devices: GPUDevice[];
    /** Bytes, as the element's progress events told them. */
    loaded: number[];
  };
}
