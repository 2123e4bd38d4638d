/** What page.spec.ts counts in the page. */
interface Window {
  counted: {
    adapters: number;
    devices: GPUDevice[];
  };
}
